/** Where engines are kept: `<PULUMI_HOME>/versions/<version>`, the folder that the Automation API's own installer uses. */
import { readdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import semver from "semver";
import { pinnedVersion } from "./pinned.js";
import type { PlatformNames } from "./platform.js";

export function versionsFolder(environment: NodeJS.ProcessEnv, names: PlatformNames): string {
  const home = environment["PULUMI_HOME"] || join(environment[names.home] || homedir(), ".pulumi");
  return join(home, "versions");
}

/** Why an engine of this version doesn't serve, as a clause; undefined where it does. The SDK speaks to one major version only. */
export function versionFault(version: string): string | undefined {
  if (semver.lt(version, pinnedVersion)) return `${version} is older than ${pinnedVersion}`;
  if (semver.major(version) !== semver.major(pinnedVersion)) return `${version} is of another major version`;
  return undefined;
}

/** Names of the folders that may hold an engine which serves, newest first. */
export async function cachedVersions(versions: string): Promise<string[]> {
  const names = await readdir(versions).catch(() => []);
  return names
    .filter((name) => semver.valid(name) !== null && versionFault(name) === undefined)
    .sort((one, other) => semver.rcompare(one, other) || one.localeCompare(other));
}
