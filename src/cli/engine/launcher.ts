/**
 * The launcher of the dynamic-provider host. The engine looks for it on PATH and beside its own (resolved) file; it stands in
 * the root of the installed `@pulumi/pulumi`, which is where ours comes from.
 */
import { chmod, copyFile, realpath } from "node:fs/promises";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import type { PlatformNames } from "./platform.js";
import { findOnPath, isExecutable, searchPath } from "./search-path.js";

/** The folder of the installed `@pulumi/pulumi`. */
export function sdkFolder(): string {
  return dirname(createRequire(import.meta.url).resolve("@pulumi/pulumi/package.json"));
}

/** Puts the launcher into `folder`, unless an installer already has. */
export async function addLauncher(folder: string, names: PlatformNames): Promise<void> {
  const target = join(folder, names.launcher);
  if (await isExecutable(target)) return;
  await copyFile(join(sdkFolder(), names.launcher), target);
  await chmod(target, 0o755);
}

/** What to add to the environment of the engine at `engineFile` so that it finds a launcher: nothing, where it does already. */
export async function launcherEnvironment(
  engineFile: string,
  names: PlatformNames,
  environment: NodeJS.ProcessEnv,
): Promise<Record<string, string>> {
  const beside = join(dirname(await realpath(engineFile)), names.launcher);
  if ((await isExecutable(beside)) || (await findOnPath(names.launcher, environment)) !== undefined) return {};
  return { PATH: `${searchPath(environment)}${delimiter}${sdkFolder()}` };
}
