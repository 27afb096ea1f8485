import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { clearDeadLocks } from "../../src/cli/locks.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "authn-locks-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const bootedAtMs = Date.parse("2026-01-01T00:00:00Z");
const machine = { hostname: "here", bootedAtMs, isAlive: (pid: number) => pid === 7 };

async function lock(pid: number, hostname = "here", timestamp = "2026-01-02T00:00:00.123456789Z") {
  await writeFile(join(folder, "a.json"), JSON.stringify({ pid, username: "ada", hostname, timestamp }));
  await writeFile(join(folder, "a.json.attrs"), "{}");
}
const clear = async (lines: string[] = []) => {
  await clearDeadLocks(folder, machine, "dev", (line) => lines.push(line));
  return lines;
};

test("a lock whose process is gone is removed, and that is said", async () => {
  await lock(8);
  expect(await clear()).toEqual([expect.stringContaining("process 8 of ada@here")]);
  expect(await readdir(folder)).toEqual([]);
});

test("a lock from before this machine started is removed, though another process has its number now", async () => {
  await lock(7, "here", "2025-12-31T00:00:00Z");
  await clear();
  expect(await readdir(folder)).toEqual([]);
});

test("a lock of a living process stops the operation, and the message says which and how to clear it", async () => {
  await lock(7);
  await expect(clear()).rejects.toThrow(/process 7 of ada@here.*pulumi cancel.*a\.json/);
  expect(await readdir(folder)).toContain("a.json");
});

test("a lock of another machine is never judged from here", async () => {
  await lock(8, "elsewhere");
  await expect(clear()).rejects.toMatchObject({ code: "ERR_AUTHN_STATE" });
});

test("a stack that was never locked has no such folder", async () => {
  await rm(folder, { recursive: true });
  expect(await clear()).toEqual([]);
});
