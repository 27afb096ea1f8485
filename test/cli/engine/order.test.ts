import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sdkFolder } from "../../../src/cli/engine/launcher.js";
import { Machine } from "./_machine.js";

let machine: Machine;
beforeEach(async () => {
  machine = await Machine.create();
});
afterEach(() => machine.dispose());

test("pulumi on PATH is used before anything else, and asked for its version once", async () => {
  await machine.putEngine(machine.pathFolder, "3.228.0");
  await machine.putEngine(join(machine.root("3.250.0"), "bin"), "3.250.0");
  const engine = await machine.find();
  expect(engine).toMatchObject({ source: "path", version: "3.228.0", environment: {} });
  expect(engine.command.command).toBe(join(machine.pathFolder, "pulumi"));
  expect(machine.lines).toEqual([`Pulumi engine 3.228.0, from PATH: ${join(machine.pathFolder, "pulumi")}`]);
  expect(await machine.versionRuns()).toBe(1);
});

test("a pulumi on PATH without the provider host's launcher gets the SDK's on its PATH", async () => {
  await machine.putEngine(machine.pathFolder, "3.230.0", { launcher: false });
  const { environment } = await machine.find();
  expect(environment["PATH"]).toBe(`${machine.environment["PATH"]}:${sdkFolder()}`);
});

test("the launcher beside the real file is enough where PATH holds only a link to the engine", async () => {
  const installed = join(machine.home, "opt", "pulumi", "bin");
  await machine.putEngine(installed, "3.230.0");
  await mkdir(machine.pathFolder, { recursive: true });
  await symlink(join(installed, "pulumi"), join(machine.pathFolder, "pulumi"));
  expect((await machine.find()).environment).toEqual({});
});

test.each([
  ["3.227.9", "version 3.227.9 is older than 3.228.0"],
  ["4.0.0", "it does not start: Major version mismatch."],
])("pulumi %s on PATH is passed over, with the reason said, for one of an earlier run", async (version, reason) => {
  await machine.putEngine(machine.pathFolder, version);
  await machine.putEngine(join(machine.root("3.228.0"), "bin"), "3.228.0");
  const engine = await machine.find();
  expect(engine).toMatchObject({ source: "versions", root: machine.root("3.228.0") });
  expect(machine.lines).toHaveLength(2);
  expect(machine.lines[0]).toContain(`${join(machine.pathFolder, "pulumi")} is not used: ${reason}`);
});

test("a pulumi on PATH that hangs is given up", async () => {
  await machine.putEngine(machine.pathFolder, "", { script: "exec sleep 5" });
  await machine.putEngine(join(machine.root("3.228.0"), "bin"), "3.228.0");
  await expect(machine.find({ versionMs: 1_500 })).resolves.toMatchObject({ source: "versions" });
});

test("of several cached engines the newest that serves is used, by version and not by letter", async () => {
  for (const version of ["3.99.0", "3.228.0", "3.1000.0", "3.1001.0", "3.241.0", "not-a-version"]) {
    await machine.putEngine(join(machine.root(version), "bin"), version);
  }
  await expect(machine.find()).resolves.toMatchObject({ source: "versions", version: "3.1001.0" });
  expect(machine.installs + machine.builds).toBe(0);
});

test("PULUMI_HOME says where the cache is", async () => {
  machine.environment["PULUMI_HOME"] = join(machine.home, "elsewhere");
  await machine.putEngine(join(machine.home, "elsewhere", "versions", "3.228.0", "bin"), "3.228.0");
  await expect(machine.find()).resolves.toMatchObject({ root: join(machine.home, "elsewhere", "versions", "3.228.0") });
});

test("with nothing at hand the installer is asked before Go, and what it brings is kept for the next run", async () => {
  machine.install = machine.making("3.228.0");
  await expect(machine.find()).resolves.toMatchObject({ source: "installer", root: machine.root("3.228.0") });
  await expect(machine.find()).resolves.toMatchObject({ source: "versions", root: machine.root("3.228.0") });
  expect([machine.installs, machine.builds]).toEqual([1, 0]);
});

test("where the installer can't be reached, Go builds the engine", async () => {
  machine.build = machine.making("3.228.0");
  await expect(machine.find()).resolves.toMatchObject({ source: "go" });
  expect(machine.lines).toEqual([`Pulumi engine 3.228.0, built from its Go module: ${machine.root("3.228.0")}`]);
});
