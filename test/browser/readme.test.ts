/** The README's examples of signing in run as they stand there: in a project of one's own, beside `authn tenant`, after `authn up`. */
import { execFile } from "node:child_process";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { blocksOf } from "../docs/_markdown.js";
import { createProject, type Project, type Running } from "../engine/_project.js";
import { browserAtHand, browserPath } from "./_browser.js";

const repository = fileURLToPath(new URL("../../", import.meta.url));
const readme = await readFile(join(repository, "README.md"), "utf8");
const record = z.object({ admin: z.object({ url: z.string(), token: z.string() }) });
// No status: the browser was closed before the answer to what the page asked for last.
const journal = z.array(z.object({ method: z.string(), path: z.string(), status: z.number().nullable() }));

let project: Project;
let tenant: Running;
beforeAll(async () => {
  project = await createProject({
    config: { "authn:tenant": "embedded" },
    fixtures: "people:\n  ada: { displayName: Ada Lovelace, hanko: [{ name: laptop }] }\n",
  });
  await linkInto(project.folder);
  tenant = project.start("tenant", "--port", "0");
  await tenant.said('"admin"');
  const up = await project.authn("up");
  expect(up.code, up.said).toBe(0);
});
afterAll(async () => {
  tenant.kill("SIGINT");
  await tenant.ended;
  await project.remove();
});

/** What an installation puts there: the command, and Playwright. */
async function linkInto(folder: string): Promise<void> {
  const command = join(folder, "node_modules", ".bin", "authn");
  await mkdir(dirname(command));
  // npm would make the built file executable, and that one is everybody's.
  const script = `#!/bin/sh\nexec "${process.execPath}" "${join(repository, "dist", "src", "cli", "main.js")}" "$@"\n`;
  await writeFile(command, script, { mode: 0o755 });
  await symlink(join(repository, "node_modules", "playwright-core"), join(folder, "node_modules", "playwright-core"));
}

/** The one example that holds this text, run in the project; what the tenant was asked meanwhile. */
async function run(holds: string): Promise<readonly string[]> {
  const examples = blocksOf(readme, "ts").filter(({ text }) => text.includes(holds));
  expect(examples).toHaveLength(1);
  const { admin } = record.parse(JSON.parse(await readFile(join(project.home, "tenant.json"), "utf8")));
  const ask = (method: string) =>
    fetch(`${admin.url}/journal`, { method, headers: { authorization: `Bearer ${admin.token}` } });
  await ask("DELETE");
  await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", examples[0]?.text ?? ""], {
    cwd: project.folder,
    env: { ...process.env, ...(browserPath() === undefined ? {} : { CHROMIUM: browserPath() }) },
  });
  const asked = journal.parse(await (await ask("GET")).json());
  return asked.map(({ method, path, status }) => `${method} ${path} ${status}`);
}

describe("README.md", () => {
  it.runIf(browserAtHand())("has lines of Playwright that sign in on the demonstration page", async () => {
    expect(await run("context.credentials")).toContainEqual(expect.stringMatching(/^POST \S+\/login\/finalize 200$/));
  });

  it("has lines that sign in, and sign a transaction, without a browser", async () => {
    const asked = await run("signTransaction");
    for (const ceremony of ["login", "transaction"])
      expect(asked).toContainEqual(expect.stringMatching(new RegExp(`^POST \\S+/${ceremony}/finalize 200$`)));
  });
});
