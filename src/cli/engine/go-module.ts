/**
 * The engine built from `tools/engine`, a Go module that pins it with all checksums. `-mod=readonly` is forced: with a whole
 * `go.sum` nothing unverified is ever compiled, whatever the machine's Go settings say.
 */
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import semver from "semver";
import { lastLines } from "./excerpt.js";
import type { Acquire } from "./installer.js";
import { goBuildFlags, goPackage, minimumGo } from "./pinned.js";
import { platformNames } from "./platform.js";
import { runToEnd } from "./run.js";
import { findOnPath } from "./search-path.js";

export const buildFromGoModule: Acquire = async (root, { environment, report, signal }, limits) => {
  const names = platformNames(process.platform);
  const go = await findOnPath(names.go, environment);
  if (go === undefined) return { reason: "no `go` on PATH" };
  const settings = buildEnvironment(environment);
  // Outside the module, where an old Go still answers instead of refusing the `go` line.
  const told = await runToEnd(go, ["env", "GOVERSION", "GOTOOLCHAIN"], {
    environment: settings,
    limitMs: limits.versionMs,
    cwd: tmpdir(),
    signal,
  });
  if (told.code !== 0) return { reason: `\`go env\` failed: ${lastLines(told.stderr)}` };
  const tooOld = goFault(told.stdout);
  if (tooOld !== undefined) return { reason: tooOld };

  report("building the Pulumi engine from its Go module (about 4 minutes, once)");
  const args = ["build", ...goBuildFlags, "-o", join(root, "bin", names.engine), goPackage];
  const built = await runToEnd(go, args, {
    environment: settings,
    limitMs: limits.buildMs,
    cwd: moduleFolder(),
    signal,
    onMinute: (minutes) => report(`still building the Pulumi engine, ${minutes} min so far`),
  });
  if (built.timedOut) return { reason: `the build did not end in ${limits.buildMs / 60_000} min` };
  return built.code === 0 ? { got: root } : { reason: `the build failed: ${lastLines(built.stderr)}` };
};

/** The caller's environment, less what would build for another system, from another module, or with unpinned modules. */
function buildEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { GOOS: _system, GOARCH: _architecture, GOBIN: _folder, ...rest } = environment;
  return { ...rest, CGO_ENABLED: "0", GOFLAGS: "-mod=readonly", GOWORK: "off" };
}

/**
 * Why this Go can't build the module, if so.
 * @param settings what `go env GOVERSION GOTOOLCHAIN` prints: `go1.25.8` and, on a second line, `auto`, `local` or a name.
 */
export function goFault(settings: string): string | undefined {
  const [version = "", toolchain = ""] = settings.split("\n").map((line) => line.trim());
  const found = semver.coerce(version);
  if (found === null || semver.gte(found, minimumGo)) return undefined;
  if (/(^|\+)(auto|path)$/.test(toolchain)) return undefined;
  return `Go ${found.version} is older than ${minimumGo}, and GOTOOLCHAIN=${toolchain} keeps it from getting a newer one`;
}

/** `tools/engine` of this package, from `src` as from `dist`. */
function moduleFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "tools", "engine", "go.mod"))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error("tools/engine is missing from this package");
    folder = parent;
  }
  return join(folder, "tools", "engine");
}
