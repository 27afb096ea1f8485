import { chmod, mkdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sdkFolder } from "../../../src/cli/engine/launcher.js";
import { Machine, writeScript } from "./_machine.js";

let machine: Machine;
beforeEach(async () => {
  machine = await Machine.create();
  machine.build = machine.making("3.228.0");
});
afterEach(() => machine.dispose());

const launcher = "pulumi-resource-pulumi-nodejs";

const broken: readonly [string, (bin: string) => Promise<void>, string][] = [
  ["has no launcher", (bin) => rm(join(bin, launcher)), `it has no bin/${launcher}`],
  ["has no engine", (bin) => rm(join(bin, "pulumi")), "it has no bin/pulumi"],
  ["is an empty folder", (bin) => rm(bin, { recursive: true }), "it has no bin/pulumi"],
  ["is not executable", (bin) => chmod(join(bin, "pulumi"), 0o644), "bin/pulumi is not executable"],
  ["is cut short", (bin) => writeFile(join(bin, "pulumi"), "\x7fELF"), "its engine does not start"],
  ["fails", (bin) => writeScript(join(bin, "pulumi"), "echo no such luck >&2; exit 3"), "its engine does not start"],
  [
    "is of another version",
    (bin) => writeScript(join(bin, "pulumi"), "echo v3.229.0"),
    "its engine says version 3.229.0",
  ],
];

test.each(broken)("a cached engine that %s is named, moved aside and replaced", async (_, damage, reason) => {
  const bin = join(machine.root("3.228.0"), "bin");
  await machine.putEngine(bin, "3.228.0");
  await damage(bin);
  await expect(machine.find()).resolves.toMatchObject({ source: "go", root: machine.root("3.228.0") });
  expect(machine.lines[0]).toContain(`the Pulumi engine in ${machine.root("3.228.0")} is not used: ${reason}`);
  expect(machine.lines[1]).toMatch(/^moved the broken engine to .*\/\.3\.228\.0-broken-\w+\/3\.228\.0$/);
  await expect(machine.find()).resolves.toMatchObject({ source: "versions", root: machine.root("3.228.0") });
});

test("a broken engine of another version is passed over for a whole one and left where it is", async () => {
  await machine.putEngine(join(machine.root("3.240.0"), "bin"), "3.240.0", { launcher: false });
  await machine.putEngine(join(machine.root("3.230.0"), "bin"), "3.230.0");
  await expect(machine.find()).resolves.toMatchObject({ source: "versions", version: "3.230.0" });
  expect(await machine.cacheEntries()).toEqual(["3.230.0", "3.240.0"]);
});

test("a broken engine stays where it is when nothing can replace it", async () => {
  machine.build = async () => ({ reason: "the build failed" });
  await machine.putEngine(join(machine.root("3.228.0"), "bin"), "3.228.0", { launcher: false });
  await expect(machine.find()).rejects.toThrow(`cache: 3.228.0: it has no bin/${launcher}`);
  expect(await machine.cacheEntries()).toEqual(["3.228.0"]);
});

test("what was built gets the launcher of the installed SDK, byte for byte and executable", async () => {
  const { root = "" } = await machine.find();
  const placed = join(root, "bin", launcher);
  expect(await readFile(placed)).toEqual(await readFile(join(sdkFolder(), launcher)));
  expect((await stat(placed)).mode & 0o111).toBe(0o111);
});

test("an installer's own launcher is kept", async () => {
  machine.install = async (root) => {
    await machine.putEngine(join(root, "bin"), "3.228.0");
    return { got: root };
  };
  const { root = "" } = await machine.find();
  expect(await readFile(join(root, "bin", launcher), "utf8")).toBe("#!/bin/sh\nexit 0\n");
});

test("a build that fails half-way leaves nothing in the cache", async () => {
  machine.build = async (root) => {
    await writeScript(join(root, "bin", "pulumi"), "exit 1");
    return { reason: "the build failed: disk full" };
  };
  await expect(machine.find()).rejects.toThrow("Go: the build failed: disk full");
  expect(await machine.cacheEntries()).toEqual([]);
});

test("a build that throws leaves nothing in the cache, and its reason is told", async () => {
  machine.build = async () => {
    throw new Error("tools/engine is missing from this package");
  };
  await expect(machine.find()).rejects.toThrow("Go: tools/engine is missing from this package");
  expect(await machine.cacheEntries()).toEqual([]);
});

test("what is made but doesn't start is never put into the cache", async () => {
  machine.build = machine.making("3.229.0");
  await expect(machine.find()).rejects.toThrow("Go: what it made does not serve: its engine says version 3.229.0");
  expect(await machine.cacheEntries()).toEqual([]);
});

test("a run that was killed while it built leaves nothing that is taken for whole, and is cleared away after a day", async () => {
  const [fresh, old] = [join(machine.versions, ".3.228.0-new-fresh"), join(machine.versions, ".3.228.0-new-oldone")];
  for (const folder of [fresh, old]) await machine.putEngine(join(folder, "bin"), "3.228.0");
  await utimes(old, new Date(0), new Date(0));
  await expect(machine.find()).resolves.toMatchObject({ source: "go", root: machine.root("3.228.0") });
  expect(await machine.cacheEntries()).toEqual([".3.228.0-new-fresh", "3.228.0"]);
});

test("a cache folder that can't be written is named", async () => {
  await mkdir(join(machine.home, ".pulumi"));
  await writeFile(machine.versions, "a file where the folder should be");
  await expect(machine.find()).rejects.toThrow(/Go: E(EXIST|NOTDIR)/);
});
