/**
 * One folder of `<PULUMI_HOME>/versions`, judged: whole, absent, or broken and how. A killed download or build leaves an engine
 * without launcher, one that isn't executable, or one that is cut short and doesn't start.
 */
import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { PulumiCommand } from "@pulumi/pulumi/automation/cmd.js";
import semver from "semver";
import { openCommand } from "./command.js";
import { firstLine } from "./excerpt.js";
import type { PlatformNames } from "./platform.js";
import { isExecutable } from "./search-path.js";

export type Installation =
  | { readonly state: "absent" }
  | { readonly state: "broken"; readonly reason: string }
  | { readonly state: "whole"; readonly command: PulumiCommand; readonly version: string };

const broken = (reason: string): Installation => ({ state: "broken", reason });

/** @param expected the version that the engine must tell; by default the one that the folder is named after. */
export async function inspectInstallation(
  root: string,
  names: PlatformNames,
  versionMs: number,
  expected: string = basename(root),
  asked?: () => void,
): Promise<Installation> {
  if (!(await exists(root))) return { state: "absent" };
  for (const file of [names.engine, names.launcher]) {
    const path = join(root, "bin", file);
    if (!(await exists(path))) return broken(`it has no bin/${file}`);
    if (!(await isExecutable(path))) return broken(`bin/${file} is not executable`);
  }
  try {
    const command = await openCommand(root, versionMs, asked);
    const version = command.version?.version;
    if (version === undefined) return broken("its engine tells no version");
    // `compare` passes over build metadata, so that `3.228.0+go` holds a 3.228.0.
    if (semver.compare(version, expected) !== 0) return broken(`its engine says version ${version}`);
    return { state: "whole", command, version };
  } catch (error) {
    return broken(`its engine does not start: ${firstLine(error)}`);
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}
