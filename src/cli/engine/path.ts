/** The `pulumi` that the person has installed: the first on PATH, where it is new enough. */
import { basename, dirname } from "node:path";
import type { Ways } from "./cache.js";
import { openCommand } from "./command.js";
import { firstLine } from "./excerpt.js";
import { versionFault } from "./home.js";
import { launcherEnvironment } from "./launcher.js";
import { findOnPath } from "./search-path.js";
import type { Attempt, Engine, FindEngineOptions } from "./types.js";

export async function findInstalled(
  { environment, report, asked }: FindEngineOptions,
  { names, limits }: Ways,
): Promise<Attempt<Engine>> {
  const file = await findOnPath(names.engine, environment);
  if (file === undefined) return { reason: `no \`${names.engine}\` on PATH` };
  const passedOver = (reason: string): { reason: string } => {
    report(`${file} is not used: ${reason}`);
    return { reason: `${file}: ${reason}` };
  };
  try {
    // The Automation API takes a folder that holds `bin/pulumi`, or whatever the process's own PATH says.
    const root = basename(dirname(file)) === "bin" ? dirname(dirname(file)) : undefined;
    const command = await openCommand(root, limits.versionMs, asked);
    const version = command.version?.version;
    if (version === undefined) return passedOver("it tells no version");
    const fault = versionFault(version);
    if (fault !== undefined) return passedOver(`version ${fault}`);
    return {
      got: { command, source: "path", version, environment: await launcherEnvironment(file, names, environment) },
    };
  } catch (error) {
    return passedOver(`it does not start: ${firstLine(error)}`);
  }
}
