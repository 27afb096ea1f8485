/**
 * Bringing an engine to a machine without one, by Pulumi's installer or the Go module, into the cache: under a lock, so that ten
 * processes started together build once, and by rename, so that a killed run leaves nothing that is taken for whole.
 */
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cachedEngine, type Ways } from "./cache.js";
import { firstLine } from "./excerpt.js";
import { inspectInstallation } from "./installation.js";
import { addLauncher } from "./launcher.js";
import { withLock } from "./lock.js";
import { pinnedVersion } from "./pinned.js";
import { moveAside, putInPlace, removeLeftovers, temporarySibling } from "./publish.js";
import type { AcquiredSource, Attempt, Engine, FindEngineOptions } from "./types.js";

/** Tells who filled an installation, so that `AUTHN_ENGINE` can insist on one source. */
const originFile = ".authn-source";

/** @param insist whether only an engine from this very source will do. */
export async function acquireEngine(
  source: AcquiredSource,
  insist: boolean,
  options: FindEngineOptions,
  ways: Ways,
): Promise<Attempt<Engine>> {
  // A whole engine of another source is left alone: this one then gets a place of its own, of equal version.
  for (const root of [join(ways.versions, pinnedVersion), join(ways.versions, `${pinnedVersion}+${source}`)]) {
    const serves = async (): Promise<boolean> => !insist || (await originOf(root)) === source;
    const found = await inspectInstallation(root, ways.names, ways.limits.versionMs);
    if (found.state === "whole") {
      if (await serves()) return { got: cachedEngine(root, found) };
      continue;
    }
    try {
      await mkdir(ways.versions, { recursive: true });
      const lock = {
        pollMs: ways.limits.lockPollMs,
        staleMs: ways.limits.lockStaleMs,
        now: ways.now,
        onWait: () => options.report("another process is getting the Pulumi engine; waiting for it"),
        signal: options.signal,
      };
      return await withLock(join(ways.versions, `.${pinnedVersion}.lock`), lock, async () => {
        const meanwhile = await inspectInstallation(root, ways.names, ways.limits.versionMs);
        if (meanwhile.state === "whole") {
          return (await serves())
            ? { got: cachedEngine(root, meanwhile) }
            : { reason: "another engine took its place" };
        }
        return await fill(root, source, options, ways);
      });
    } catch (error) {
      options.signal?.throwIfAborted();
      return { reason: firstLine(error) };
    }
  }
  return { reason: "no place is left for it" };
}

async function fill(
  root: string,
  source: AcquiredSource,
  options: FindEngineOptions,
  ways: Ways,
): Promise<Attempt<Engine>> {
  await removeLeftovers(root, ways.now());
  const made = await temporarySibling(root);
  try {
    const attempt = await ways.acquire[source](made, options, ways.limits);
    if ("reason" in attempt) return attempt;
    await addLauncher(join(made, "bin"), ways.names);
    await writeFile(join(made, originFile), source);
    const tried = await inspectInstallation(made, ways.names, ways.limits.versionMs, pinnedVersion);
    if (tried.state !== "whole")
      return { reason: `what it made does not serve${tried.state === "broken" ? `: ${tried.reason}` : ""}` };

    if ((await inspectInstallation(root, ways.names, ways.limits.versionMs)).state === "broken") {
      options.report(`moved the broken engine to ${await moveAside(root)}`);
    }
    const first = await putInPlace(made, root);
    const placed = await inspectInstallation(root, ways.names, ways.limits.versionMs);
    return placed.state === "whole"
      ? { got: first ? { ...cachedEngine(root, placed), source } : cachedEngine(root, placed) }
      : { reason: "another process put a broken engine in its place" };
  } finally {
    await rm(made, { recursive: true, force: true });
  }
}

async function originOf(root: string): Promise<string | undefined> {
  return readFile(join(root, originFile), "utf8").catch(() => undefined);
}
