import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { clearHalfWritten } from "../../src/cli/half-written.js";

it("what a killed engine left half written beside a state goes, and is told; all that is whole stays", async () => {
  const folder = await mkdtemp(join(tmpdir(), "authn-state-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const stacks = join(folder, ".pulumi", "stacks", "project");
  await mkdir(stacks, { recursive: true });
  const files = {
    "dev.json": "{}",
    "dev.json.attrs": "",
    "dev.json.bak": "{}",
    "dev.json.bak.attrs": '{"user.content_type":"text/plain"}',
    "other.json.attrs": "",
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(stacks, name), text);
  await writeFile(join(folder, ".pulumi", "meta.yaml.attrs"), '{"user');
  const told: string[] = [];
  await clearHalfWritten({ folder }, join(stacks, "dev.json"), (line) => told.push(line));
  expect((await readdir(stacks)).toSorted()).toEqual([
    "dev.json",
    "dev.json.bak",
    "dev.json.bak.attrs",
    "other.json.attrs",
  ]);
  expect(await readdir(join(folder, ".pulumi"))).toEqual(["stacks"]);
  expect(told).toEqual([expect.stringContaining("dev.json.attrs"), expect.stringContaining("meta.yaml.attrs")]);
});

it("a backend that is no folder has nothing of the kind", async () => {
  const told: string[] = [];
  await clearHalfWritten({ folder: undefined }, undefined, (line) => told.push(line));
  expect(told).toEqual([]);
});
