import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { buildFromGoModule, goFault } from "../../../src/cli/engine/go-module.js";
import { goPackage, limits, minimumGo, pinnedVersion } from "../../../src/cli/engine/pinned.js";
import { Machine, writeScript } from "./_machine.js";

let machine: Machine;
beforeEach(async () => {
  machine = await Machine.create();
});
afterEach(() => machine.dispose());

/** A `go` that answers `go env` as told and notes the settings, folder and flags of `go build`. */
async function putGo(settings: string, build: string): Promise<void> {
  const note = `{ env; pwd; printf '%s\\n' "$@"; } > '${join(machine.home, "build")}'`;
  await writeScript(
    join(machine.pathFolder, "go"),
    `if [ "$1" = env ]; then printf '${settings}'; exit 0; fi\n${note}\n${build}`,
  );
}

const build = (overrides: Partial<typeof limits> = {}) =>
  buildFromGoModule(
    join(machine.home, "made"),
    { environment: machine.environment, report: (line) => machine.lines.push(line) },
    { ...limits, ...overrides },
  );

test("the module pins the version, package and Go that the locator builds with", async () => {
  const pinned = await readFile(new URL("../../../tools/engine/go.mod", import.meta.url), "utf8");
  expect(pinned).toContain(`\ngo ${minimumGo}\n`);
  expect(pinned).toContain(`\ntool ${goPackage}\n`);
  expect(pinned).toContain(`\tgithub.com/pulumi/pulumi/pkg/v3 v${pinnedVersion} // indirect\n`);
});

test("the build can't be turned from the pinned checksums, nor to another system, by the machine's Go settings", async () => {
  await putGo("go1.26.0\\nlocal\\n", "exit 0");
  Object.assign(machine.environment, {
    GOFLAGS: "-mod=mod",
    GOWORK: "/elsewhere/go.work",
    GOOS: "plan9",
    CGO_ENABLED: "1",
  });
  await expect(build()).resolves.toEqual({ got: join(machine.home, "made") });
  const noted = (await readFile(join(machine.home, "build"), "utf8")).split("\n");
  expect(noted).toEqual(expect.arrayContaining(["GOFLAGS=-mod=readonly", "GOWORK=off", "CGO_ENABLED=0"]));
  expect(noted.filter((line) => line.startsWith("GOOS="))).toEqual([]);
  expect(noted.find((line) => line.endsWith("/tools/engine"))).toBeDefined();
  expect(noted.slice(noted.indexOf("build"), -1)).toEqual([
    "build",
    "-trimpath",
    "-tags",
    "osusergo,grpcnotrace",
    "-ldflags",
    "-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v3.228.0",
    "-o",
    join(machine.home, "made", "bin", "pulumi"),
    "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
  ]);
  expect(machine.lines).toEqual(["building the Pulumi engine from its Go module (about 4 minutes, once)"]);
});

test("a Go too old that may not fetch a newer one is named before anything is built", async () => {
  await putGo("go1.22.2\\nlocal\\n", "exit 0");
  await expect(build()).resolves.toEqual({
    reason: "Go 1.22.2 is older than 1.25.8, and GOTOOLCHAIN=local keeps it from getting a newer one",
  });
  expect(machine.lines).toEqual([]);
});

test.each([
  ["go1.22.2\nauto\n", false],
  ["go1.22.2\ngo1.21.0+auto\n", false],
  ["go1.25.8\nlocal\n", false],
  ["devel go1.27-0a1b2c\nlocal\n", false],
  ["go1.25.7\nlocal\n", true],
  ["go1.21.0\ngo1.21.0\n", true],
])("of the Go settings %j it is %s that they keep the engine from being built", (settings, refused) => {
  expect(goFault(settings) !== undefined).toBe(refused);
});

test("a machine without Go is told so", async () => {
  machine.environment["PATH"] = machine.pathFolder;
  await expect(build()).resolves.toEqual({ reason: "no `go` on PATH" });
});

test("a failed build shows its last words without addresses, which may hold a password", async () => {
  await putGo(
    "go1.26.0\\nlocal\\n",
    "echo 'go: example.com/x: Get \"https://bob:hunter2@proxy.example/x\": refused' >&2; exit 1",
  );
  await expect(build()).resolves.toEqual({ reason: 'the build failed: go: example.com/x: Get "<address> refused' });
});

test("a build that hangs is ended at its limit, with all that it started", async () => {
  await putGo("go1.26.0\\nlocal\\n", `sleep 600 & echo $! > '${join(machine.home, "pid")}'; wait`);
  await expect(build({ buildMs: 500 })).resolves.toMatchObject({
    reason: expect.stringContaining("the build did not end in"),
  });
  const pid = (await readFile(join(machine.home, "pid"), "utf8")).trim();
  const state = execFileSync("/bin/sh", ["-c", `ps -o stat= -p ${pid} || true`], { encoding: "utf8" }).trim();
  expect(state === "" || state.startsWith("Z")).toBe(true);
});
