/** What comes along with this package, as its lockfile has it: licences, where it comes from, and scripts that an installation would run. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";

const entry = z.looseObject({
  version: z.string(),
  license: z.string().optional(),
  dev: z.boolean().optional(),
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  hasInstallScript: z.boolean().optional(),
});
const lockfile = z.object({ packages: z.record(z.string(), entry) });
const text = await readFile(new URL("../../package-lock.json", import.meta.url), "utf8");
const { packages } = lockfile.parse(JSON.parse(text));
const installed = Object.entries(packages).filter(([path]) => path !== "");
const nameOf = (path: string) => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);

/** Each lets everybody use, change and pass on what it covers, and asks for no more than its own text. */
const LICENCES = new Set([
  ...["MIT", "ISC", "0BSD", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0"],
  ...["Unlicense", "BlueOak-1.0.0", "CC0-1.0", "Python-2.0"],
]);

/** Without one in its package.json, and where it stands instead. */
const UNSAID: Readonly<Record<string, string>> = { only: "MIT, at the end of its Readme.md" };

/** What may have an install script, and why it need not run. */
const SCRIPTS: Readonly<Record<string, string>> = {
  "classic-level": "its script compiles only where no prebuilt binary of the package fits the machine",
  protobufjs: "its script only warns of a version range; the Pulumi SDK brings it, this package doesn't",
};

describe("the packages that come along", () => {
  test("at run time are under licences that ask for nothing", () => {
    const others = installed
      .filter(
        ([path, { dev, license }]) =>
          dev !== true && !LICENCES.has(license ?? "") && !Object.hasOwn(UNSAID, nameOf(path)),
      )
      .map(([path, { license }]) => `${path}: ${license ?? "none"}`);
    expect(others).toEqual([]);
    expect(installed.filter(([, { dev }]) => dev !== true).length).toBeGreaterThan(20);
  });

  test("come from the registry, never from an address of their own, each with a checksum of SHA-512", () => {
    const others = installed
      .filter(([, { resolved = "", integrity }]) => resolved !== "" || integrity?.startsWith("sha512-") !== true)
      .map(([path]) => path);
    expect(others).toEqual([]);
  });

  test("have install scripts only where it is known that none needs to run", () => {
    const scripted = installed.filter(([, { hasInstallScript }]) => hasInstallScript === true);
    expect(scripted.map(([path]) => nameOf(path)).toSorted()).toEqual(Object.keys(SCRIPTS).toSorted());
  });

  test("and the one native module works as it was packed: nothing of it was compiled here", async () => {
    const require = createRequire(import.meta.url);
    const folder = dirname(require.resolve("classic-level/package.json"));
    const platforms = ["linux-x64", "linux-arm64", "darwin-x64+arm64", "win32-x64"];
    for (const platform of platforms) expect(existsSync(join(folder, "prebuilds", platform)), platform).toBe(true);
    expect(existsSync(join(folder, "build"))).toBe(false);
    const { ClassicLevel } = await import("classic-level");
    expect(new ClassicLevel<string, string>(join(folder, "never-opened")).supports.permanence).toBe(true);
  });
});
