/**
 * Pulumi's own installer, `PulumiCommand.install()`, in a process of its own: it can't be stopped otherwise, and the scripts and
 * downloads that it starts may hang for minutes on a closed network.
 */
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { lastLines } from "./excerpt.js";
import { installerUrl, type Limits, pinnedVersion } from "./pinned.js";
import { runToEnd } from "./run.js";
import type { Attempt, FindEngineOptions } from "./types.js";

/** The folder that was filled, or why not. */
export type Acquire = (root: string, options: FindEngineOptions, limits: Limits) => Promise<Attempt<string>>;

const program = `
const [command, semver, root, version] = process.argv.slice(1);
const { PulumiCommand } = await import(command);
const { default: { SemVer } } = await import(semver);
await PulumiCommand.install({ root, version: new SemVer(version) }).catch((error) => {
  process.stderr.write(error.message);
  process.exitCode = 1;
});`;

export const runInstaller: Acquire = installerBehind(installerUrl);

/** @param url what is asked first, to find a closed network soon. */
export function installerBehind(url: string): Acquire {
  return async (root, options, limits) => {
    const reason = await whyUnreachable(url, limits.reachMs, options.signal);
    return reason === undefined ? install(root, options, limits) : { reason };
  };
}

const install: Acquire = async (root, { environment, report, signal }, limits) => {
  report(`getting the Pulumi engine ${pinnedVersion} by Pulumi's installer`);
  const { resolve } = createRequire(import.meta.url);
  const modules = ["@pulumi/pulumi/automation/cmd.js", "semver"].map((name) => pathToFileURL(resolve(name)).href);
  const args = ["--input-type=module", "--eval", program, "--", ...modules, root, pinnedVersion];
  const outcome = await runToEnd(process.execPath, args, { environment, limitMs: limits.installMs, signal });
  if (outcome.timedOut) return { reason: `it did not end in ${limits.installMs / 1000} s` };
  return outcome.code === 0 ? { got: root } : { reason: lastLines(outcome.stderr) || "it failed without a message" };
};

/** The same request that the installer begins with, under a limit of its own. */
async function whyUnreachable(url: string, limitMs: number, signal?: AbortSignal): Promise<string | undefined> {
  const limit = AbortSignal.timeout(limitMs);
  try {
    const response = await fetch(url, {
      signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
    });
    await response.body?.cancel();
    return response.ok ? undefined : `its server answered ${response.status}`;
  } catch {
    signal?.throwIfAborted();
    return limit.aborted ? `its server gave no answer in ${limitMs / 1000} s` : "its server can't be reached";
  }
}
