import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const trigger = new URL("../../tools/chaos/trigger.mjs", import.meta.url).href;
let folder: string;
let ledger: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "authn-chaos-trigger-"));
  ledger = join(folder, "ledger");
  await mkdir(ledger);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs a module at that path as a command's process runs, under the order that `npm run chaos` gives. */
async function run(path: string, source: string, order: object) {
  const script = join(folder, path);
  await mkdir(join(script, ".."), { recursive: true });
  await writeFile(script, source);
  const { signal, stdout, stderr } = spawnSync(process.execPath, [script], {
    encoding: "utf8",
    env: {
      ...process.env,
      NODE_OPTIONS: `--import=${trigger}`,
      AUTHN_CHAOS: JSON.stringify({ notes: join(folder, "notes"), ...order }),
    },
  });
  const notes = await readFile(join(folder, "notes"), "utf8").catch(() => "");
  return { signal, stdout, stderr, notes };
}

const publishing = `
import { channel } from "node:diagnostics_channel";
for (let count = 1; count <= 3; count += 1) {
  for (const method of ["GET", "POST"]) channel("undici:request:headers").publish({ request: { method } });
  console.log(count);
}`;
const boundary = { in: "program", moment: "answer begun", nth: 2, targets: ["program"] };

describe("the trigger", () => {
  it("kills in the midst of the n-th occurrence of the moment, and counts no reading request", async () => {
    const { signal, stdout, notes } = await run("cli/main.js", publishing, { boundary });
    expect(signal).toBe("SIGKILL");
    expect(stdout).toBe("1\n");
    expect(notes).toContain('"struck":["program"]');
  });

  it("leaves a process alone that is another's turn, and one that has nothing to do with it", async () => {
    const others = await run("cli/main.js", publishing, { boundary: { ...boundary, in: "host" } });
    expect(others).toMatchObject({ signal: null, stdout: "1\n2\n3\n", stderr: "" });
    const foreign = await run("another.js", publishing, { boundary });
    expect(foreign).toMatchObject({ signal: null, stdout: "1\n2\n3\n", stderr: "" });
  });
});

describe("the disk", () => {
  const writing = (file: string) => `
import fs from "node:fs";
import { mkdir, open, writeFile } from "node:fs/promises";
const told = [];
const tell = (error) => told.push(error.code);
const handle = await open(${JSON.stringify(file)}, "w").catch(tell);
if (typeof handle === "object") {
  const written = fs.writeSync(handle.fd, Buffer.alloc(100), 0, 100, 0);
  told.push(written);
  try {
    fs.writeSync(handle.fd, Buffer.alloc(100), 0, 100, written);
  } catch (error) {
    tell(error);
  }
  await handle.truncate(0);
  await handle.close();
}
await mkdir(${JSON.stringify(join(file, "..", "more"))}).then(() => told.push("made"), tell);
await writeFile(${JSON.stringify(`${file}.lock`)}, "text").then(() => told.push("written"), tell);
console.log(told.join(" "));`;
  const host = "dynamic-provider/index.js";

  it("takes what it has room for, and says ENOSPC from then on", async () => {
    const { stdout, stderr } = await run(host, writing(join(ledger, "a")), { disk: { folder: ledger, freeBytes: 60 } });
    expect(stderr).toBe("");
    expect(stdout).toBe("60 ENOSPC made ENOSPC\n");
  });

  it("is read-only: nothing is opened for writing, nor made", async () => {
    const disk = { folder: ledger, freeBytes: "read-only" };
    expect((await run(host, writing(join(ledger, "a")), { disk })).stdout).toBe("EROFS EROFS EROFS\n");
  });

  it("is as ever outside of the folder", async () => {
    const disk = { folder: ledger, freeBytes: 0 };
    expect((await run(host, writing(join(folder, "a")), { disk })).stdout).toBe("100 made written\n");
  });
});
