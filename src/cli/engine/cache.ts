/** The engines already in `<PULUMI_HOME>/versions`: the newest whole one is taken, broken ones are named. */
import { basename, join } from "node:path";
import { cachedVersions } from "./home.js";
import { type Installation, inspectInstallation } from "./installation.js";
import type { Acquire } from "./installer.js";
import type { Limits } from "./pinned.js";
import type { PlatformNames } from "./platform.js";
import type { AcquiredSource, Attempt, Engine, FindEngineOptions } from "./types.js";

/** What the locator works with; tests put their own installer and build in. */
export interface Ways {
  readonly names: PlatformNames;
  /** `<PULUMI_HOME>/versions`. */
  readonly versions: string;
  readonly limits: Limits;
  readonly acquire: Readonly<Record<AcquiredSource, Acquire>>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function cachedEngine(root: string, { command, version }: Extract<Installation, { state: "whole" }>): Engine {
  return { command, source: "versions", version, root, environment: {} };
}

export async function findCached({ report, asked }: FindEngineOptions, ways: Ways): Promise<Attempt<Engine>> {
  const faults: string[] = [];
  for (const name of await cachedVersions(ways.versions)) {
    const root = join(ways.versions, name);
    const found = await inspectInstallation(root, ways.names, ways.limits.versionMs, name, asked);
    if (found.state === "whole") return { got: cachedEngine(root, found) };
    if (found.state !== "broken") continue;
    report(`the Pulumi engine in ${root} is not used: ${found.reason}`);
    faults.push(`${basename(root)}: ${found.reason}`);
  }
  return { reason: faults.length === 0 ? `none in ${ways.versions}` : faults.join("; ") };
}
