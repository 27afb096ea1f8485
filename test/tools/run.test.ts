import { spawnSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

/** Stands where npm's own program does: notes what it is asked, and leaves behind what the real one would. */
const npm = `
const fs = require("node:fs");
fs.appendFileSync("npm-calls", process.argv.slice(2).join(" ") + "\\n");
const build = () => {
  if (process.env.EDITED_MEANWHILE) fs.utimesSync("src/index.ts", Date.now() / 1000 - 0.01, Date.now() / 1000 - 0.01);
  fs.mkdirSync("dist/src/cli", { recursive: true });
  fs.writeFileSync("dist/src/cli/main.js", 'process.stdout.write(process.argv.slice(2).join(" "))');
  if (process.env.BUILD_FAILS) process.exit(2);
};
if (process.argv[2] === "ci") {
  const { packages } = JSON.parse(fs.readFileSync("package-lock.json", "utf8"));
  delete packages[""];
  delete packages["node_modules/for-another-system"];
  fs.mkdirSync("node_modules", { recursive: true });
  fs.writeFileSync("node_modules/.package-lock.json", JSON.stringify({ packages }));
}
build();
`;

const lock = (version: string): string =>
  JSON.stringify({
    packages: {
      "": { version: "0.1.0" },
      "node_modules/one": { version, integrity: `sha512-${version}` },
      "node_modules/for-another-system": { version: "1.0.0", integrity: "sha512-x", optional: true },
    },
  });

const ages = { past: new Date("2020-01-01"), future: new Date(Date.now() + 60_000) };
let project: string;

beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), "authn-run-"));
  await cp(fileURLToPath(new URL("../../tools", import.meta.url)), join(project, "tools"), { recursive: true });
  for (const [path, text] of [
    ["bin/npm-cli.js", npm],
    ["package.json", '{"type":"module","engines":{"node":">=20.19"}}'],
    ["bin/package.json", '{"type":"commonjs"}'],
    ["package-lock.json", lock("1.0.0")],
    ["tsconfig.json", "{}"],
    ["src/index.ts", ""],
    ["providers/host/adapter.ts", ""],
    ["emulator/testing.ts", ""],
  ] as const) {
    await mkdir(dirname(join(project, path)), { recursive: true });
    await writeFile(join(project, path), text);
  }
});
afterEach(() => rm(project, { recursive: true, force: true }));

function run(args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(project, "tools", "run.mjs"), ...args], {
    encoding: "utf8",
    env: { ...process.env, npm_execpath: join(project, "bin", "npm-cli.js"), ...environment },
  });
  return { status, stdout, stderr };
}

const age = (path: string, time: Date) => utimes(join(project, path), time, time);

/** What npm was asked since the last look. */
async function npmCalls(): Promise<string[]> {
  const calls = await readFile(join(project, "npm-calls"), "utf8").catch(() => "");
  await rm(join(project, "npm-calls"), { force: true });
  return calls.split("\n").slice(0, -1);
}

test("a fresh clone is installed, built by that once, and the command runs with its arguments", async () => {
  expect(run(["up", "--stack", "pr-12"])).toMatchObject({ status: 0, stdout: "up --stack pr-12" });
  expect(await npmCalls()).toEqual(["ci --include=dev --no-audit --no-fund"]);
});

test("where all is there nothing is said, and npm isn't started", async () => {
  run(["--only-prepare"]);
  await npmCalls();
  expect(run(["up"])).toEqual({ status: 0, stdout: "up", stderr: "" });
  expect(await npmCalls()).toEqual([]);
});

test("--only-prepare stops before the command", () => {
  expect(run(["--only-prepare"])).toMatchObject({ status: 0, stdout: "" });
});

test.each(["src/index.ts", "providers/host/adapter.ts", "emulator/testing.ts", "tsconfig.json"])(
  "an edited %s is built before the command runs",
  async (path) => {
    run(["--only-prepare"]);
    await npmCalls();
    await age(path, ages.future);
    expect(run(["up"])).toMatchObject({ status: 0, stderr: `building: ${path} is newer than dist\n` });
    expect(await npmCalls()).toEqual(["run --silent build"]);
  },
);

test("a removed source is built away", async () => {
  run(["--only-prepare"]);
  await npmCalls();
  await age("dist/src/cli/main.js", ages.past);
  for (const path of ["src", "src/index.ts", "providers", "providers/host", "providers/host/adapter.ts"])
    await age(path, ages.past);
  for (const path of ["emulator", "emulator/testing.ts", "tsconfig.json", "package.json"]) await age(path, ages.past);
  expect(run(["up"]).stderr).toBe("");
  await rm(join(project, "providers/host/adapter.ts"));
  expect(run(["up"]).stderr).toBe("building: providers/host is newer than dist\n");
});

test("a build that fails ends the command with its status, and is tried again next time", async () => {
  run(["--only-prepare"]);
  await age("src/index.ts", ages.future);
  expect(run(["up"], { BUILD_FAILS: "1" })).toMatchObject({ status: 2, stdout: "" });
  await age("src/index.ts", ages.past);
  await npmCalls();
  expect(run(["up"])).toMatchObject({ status: 0, stdout: "up" });
  expect(await npmCalls()).toEqual(["run --silent build"]);
});

test("a source edited while the compiler runs is built next time", async () => {
  run(["--only-prepare"]);
  await age("dist/src/cli/main.js", ages.past);
  run(["--only-prepare"], { EDITED_MEANWHILE: "1" });
  expect(run(["up"]).stderr).toBe("building: src/index.ts is newer than dist\n");
});

test("an install whose build fails isn't taken for good", async () => {
  expect(run(["up"], { BUILD_FAILS: "1" })).toMatchObject({ status: 2, stdout: "" });
  await npmCalls();
  expect(run(["up"])).toMatchObject({ status: 0, stdout: "up" });
  expect(await npmCalls()).toEqual(["run --silent build"]);
});

test("a checkout that only touches the lock file installs nothing; one that changes a version does", async () => {
  run(["--only-prepare"]);
  await npmCalls();
  await age("node_modules/.package-lock.json", ages.past);
  run(["up"]);
  expect(await npmCalls()).toEqual([]);

  await age("node_modules/.package-lock.json", ages.past);
  await writeFile(join(project, "package-lock.json"), lock("2.0.0"));
  expect(run(["up"]).stderr).toContain("installing dependencies: package-lock.json has changed\n");
  expect((await npmCalls())[0]).toBe("ci --include=dev --no-audit --no-fund");
});

test("a Node that can't require ES modules is refused before anything is installed", async () => {
  const { status, stderr } = run(["up"], { NODE_OPTIONS: "--no-experimental-require-module" });
  expect(status).toBe(2);
  expect(stderr).toMatch(/^pulumi-authn needs Node .*; this is Node \d+\.\d+\.\d+\. Install one/);
  expect(await npmCalls()).toEqual([]);
});
