// Installs and builds what a clone lacks, judged by file times and the two lock files; does nothing, in milliseconds, where all is there.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync, utimesSync } from "node:fs";
import { basename, join } from "node:path";

const sources = ["src", "providers", "emulator", "tsconfig.json", "package.json"];

/** @returns exit status: 0 where the package is ready, else that of the npm command that failed. */
export function prepare(root, report) {
  const installReason = whyInstall(root);
  if (installReason !== undefined) {
    report(`installing dependencies: ${installReason}`);
    // Even where NODE_ENV says production: the compiler is a development dependency.
    const status = npm(root, ["ci", "--include=dev", "--no-audit", "--no-fund"]);
    if (status !== 0) return failed(root, status);
  }
  const buildReason = whyBuild(root);
  if (buildReason === undefined) return 0;
  report(`building: ${buildReason}`);
  const begun = new Date();
  const status = npm(root, ["run", "--silent", "build"]);
  // What was edited while the compiler ran counts as newer.
  if (status !== 0) return failed(root, status);
  utimesSync(entry(root), begun, begun);
  return 0;
}

/** Makes what a failed build may have written look old, so that the next run doesn't take it for good. */
function failed(root, status) {
  if (modified(entry(root)) !== undefined) utimesSync(entry(root), 0, 0);
  return status;
}

const entry = (root) => join(root, "dist", "src", "cli", "main.js");

function whyInstall(root) {
  const wanted = join(root, "package-lock.json");
  const present = join(root, "node_modules", ".package-lock.json");
  const installedAt = modified(present);
  if (installedAt === undefined) return "they are missing";
  if (modified(wanted) <= installedAt) return undefined;
  // A checkout touches the file without changing it: only then is it worth reading.
  if (!sameDependencies(readPackages(wanted), readPackages(present))) return "package-lock.json has changed";
  utimesSync(present, new Date(), new Date());
  return undefined;
}

const readPackages = (path) => JSON.parse(readFileSync(path, "utf8")).packages;

/** True where `present` holds what `wanted` lists, except optional ones: those of other systems are never installed. */
function sameDependencies(wanted, present) {
  const listed = Object.entries(wanted).filter(([path]) => path !== "");
  const asListed = ([path, { version, integrity, optional, devOptional }]) => {
    const found = present[path];
    return found === undefined
      ? Boolean(optional || devOptional)
      : found.version === version && found.integrity === integrity;
  };
  return listed.every(asListed) && Object.keys(present).every((path) => path in wanted);
}

function whyBuild(root) {
  const builtAt = modified(entry(root));
  if (builtAt === undefined) return "dist is missing";
  const newer = sources.map((source) => newerThan(builtAt, join(root, source))).find((path) => path !== undefined);
  return newer === undefined ? undefined : `${newer.slice(root.length + 1)} is newer than dist`;
}

/** The first file or folder under `path` changed after `time`; a folder's own time tells of removed files. */
function newerThan(time, path) {
  const stats = statSync(path);
  if (stats.mtimeMs > time) return path;
  if (!stats.isDirectory()) return undefined;
  for (const child of readdirSync(path, { withFileTypes: true })) {
    if (!child.isDirectory() && !child.name.endsWith(".ts")) continue;
    const newer = newerThan(time, join(path, child.name));
    if (newer !== undefined) return newer;
  }
  return undefined;
}

function modified(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}

/** Runs npm, the very one that runs us where there is one; all it prints goes to stderr, since stdout may be read by a program. */
function npm(root, args) {
  const cli = process.env.npm_execpath;
  const direct = cli !== undefined && basename(cli) === "npm-cli.js";
  const command = direct ? process.execPath : "npm";
  const { status, error } = spawnSync(command, direct ? [cli, ...args] : args, {
    cwd: root,
    stdio: ["ignore", 2, 2],
    shell: !direct && process.platform === "win32",
  });
  if (error) process.stderr.write(`npm does not start: ${error.message}\n`);
  return status ?? 1;
}
