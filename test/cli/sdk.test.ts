/** What the SDK loads for closures is put off in `authn` and in the provider hosts under it: nobody who asks for it goes without. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { nodeOptions } from "../../src/cli/sdk/environment.js";

const run = promisify(execFile);
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "authn sdk "));
  await symlink(join(process.cwd(), "node_modules"), join(folder, "node_modules"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs as a provider host's main file would, by its place. */
async function said(script: string, options: string): Promise<unknown> {
  const host = join(process.cwd(), "node_modules", "@pulumi", "pulumi", "cmd", "dynamic-provider", "index.js");
  const main = join(folder, "main.cjs");
  await writeFile(main, `process.argv[1] = ${JSON.stringify(host)};\n${script}`);
  const preload = join(folder, "as-a-host.cjs");
  await writeFile(preload, `process.argv[1] = ${JSON.stringify(host)};`);
  const { stdout } = await run(process.execPath, ["--require", preload, main], {
    env: { ...process.env, NODE_OPTIONS: options },
  });
  return JSON.parse(stdout);
}
const loads = `
const heavy = () => Object.keys(require.cache).filter((file) => /@npmcli.arborist.lib.arborist|typescript.lib.typescript\\.js/.test(file)).length;
`;

test("a host that serializes nothing loads neither the compiler nor npm's dependency tree", async () => {
  const script = `${loads} require("@pulumi/pulumi"); console.log(JSON.stringify(heavy()));`;
  expect(await said(script, nodeOptions(undefined))).toBe(0);
  expect(await said(script, "")).toBeGreaterThan(0);
});

test("a program that serializes a closure gets the same text with it as without", async () => {
  const script = `
    const pulumi = require("@pulumi/pulumi");
    const captured = 5;
    pulumi.runtime.serializeFunction(() => captured).then(({ text }) => console.log(JSON.stringify(text)));`;
  const text = await said(script, nodeOptions(undefined));
  expect(text).toContain("captured: 5");
  expect(await said(script, "")).toBe(text);
});

test("the caller's own NODE_OPTIONS go on counting", async () => {
  const script = `console.log(JSON.stringify(process.execArgv.length + Number(new Error().stack.split("\\n").length < 3)));`;
  const all = await said(script, nodeOptions("--stack-trace-limit=1"));
  expect(all).toBe(Number(await said(script, nodeOptions(undefined))) + 1);
});
