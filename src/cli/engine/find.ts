/**
 * Finds the Pulumi engine, or gets it: `pulumi` on PATH, then an engine of an earlier run, then Pulumi's installer, then the pinned
 * Go module. `AUTHN_ENGINE` takes one of them only.
 */
import { AuthnError } from "../../../providers/errors.js";
import { acquireEngine } from "./acquire.js";
import { findCached, type Ways } from "./cache.js";
import { buildFromGoModule } from "./go-module.js";
import { versionsFolder } from "./home.js";
import { runInstaller } from "./installer.js";
import { findInstalled } from "./path.js";
import { limits, pinnedVersion } from "./pinned.js";
import { platformNames } from "./platform.js";
import type { Attempt, Engine, EngineSource, FindEngineOptions } from "./types.js";

type Step = (options: FindEngineOptions, ways: Ways) => Promise<Attempt<Engine>>;

interface NamedStep {
  readonly name: string;
  readonly run: Step;
}

const installer = (insist: boolean): NamedStep => ({
  name: "Pulumi's installer",
  run: (options, ways) => acquireEngine("installer", insist, options, ways),
});
const goModule = (insist: boolean): NamedStep => ({
  name: "Go",
  run: (options, ways) => acquireEngine("go", insist, options, ways),
});
const onPath: NamedStep = { name: "PATH", run: findInstalled };
const cached: NamedStep = { name: "cache", run: findCached };

/** What `AUTHN_ENGINE` can say, and the steps it leaves; unset or empty is all of them. */
const stepsByChoice = new Map<string, readonly NamedStep[]>([
  ["", [onPath, cached, installer(false), goModule(false)]],
  ["path", [onPath]],
  ["installer", [installer(true)]],
  ["go", [goModule(true)]],
]);

const origins: Readonly<Record<EngineSource, string>> = {
  path: "from PATH",
  versions: "already here",
  installer: "got by Pulumi's installer",
  go: "built from its Go module",
};

/**
 * @param options.environment the process's own environment; the Automation API reads `process.env` besides.
 * @throws AuthnError `ERR_AUTHN_ENGINE` where no engine can be had, with what was tried and the three ways out;
 *   `ERR_AUTHN_CONFIGURATION` for an unknown `AUTHN_ENGINE`; the signal's reason when aborted.
 */
export async function findEngine(options: FindEngineOptions): Promise<Engine> {
  const names = platformNames(process.platform);
  return locateEngine(options, {
    names,
    versions: versionsFolder(options.environment, names),
    limits,
    acquire: { installer: runInstaller, go: buildFromGoModule },
    now: Date.now,
  });
}

/** `findEngine` with everything that it reaches for passed in. */
export async function locateEngine(options: FindEngineOptions, ways: Ways): Promise<Engine> {
  const choice = options.environment["AUTHN_ENGINE"] ?? "";
  const steps = stepsByChoice.get(choice);
  if (steps === undefined) {
    throw new AuthnError({
      code: "ERR_AUTHN_CONFIGURATION",
      what: `AUTHN_ENGINE is "${choice}"`,
      remedy: "Set it to path, installer or go, or leave it unset to try them in this order.",
    });
  }
  const reasons: string[] = [];
  for (const { name, run } of steps) {
    options.signal?.throwIfAborted();
    const attempt = await run(options, ways);
    if ("got" in attempt) {
      const { command, source, version, root } = attempt.got;
      options.report(`Pulumi engine ${version}, ${origins[source]}: ${root ?? command.command}`);
      return attempt.got;
    }
    reasons.push(`${name}: ${attempt.reason}`);
  }
  throw new AuthnError({
    code: "ERR_AUTHN_ENGINE",
    what: `No Pulumi engine was found, nor could one be had${choice === "" ? "" : ` (AUTHN_ENGINE=${choice} allows one way only)`}: ${reasons.join(" | ")}`,
    remedy: waysOut,
  });
}

const waysOut = [
  "There are three ways out:",
  `(1) install the Pulumi CLI, ${pinnedVersion} or newer, as Pulumi's documentation says, so that \`pulumi\` is on PATH;`,
  "(2) let this machine reach get.pulumi.com, and run the command again;",
  "(3) install Go and let it reach a Go module proxy, and run the command again.",
].join("\n  ");
