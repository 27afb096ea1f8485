/** `authn keys write`: the keys that may sign, one PEM a ring, in a directory that the Baikal Python SDK loads. */
import { basename, join, resolve } from "node:path";
import { shortKid } from "../../../providers/baikal/ring/plan.js";
import { AuthnError } from "../../../providers/errors.js";
import { type ExitCode, exitCode } from "../exit.js";
import { answer } from "../report/result.js";
import { chosenRings, ringResources } from "../ring/chosen.js";
import { exportedResources } from "../saved-resources.js";
import { lookAround } from "../situation.js";
import type { CommonOptions, Surroundings } from "../surroundings.js";
import { oneLine } from "../text.js";
import { keysIn, occupantsOf } from "./folder.js";
import { type KeyFolder, openKeyFolder, placeKey, removeLeftovers, standsAlready } from "./place.js";
import { ringKeys } from "./ring-keys.js";
import type { SigningKey } from "./signing-key.js";
import { readWritten, saveWritten, type Written } from "./written.js";

export interface KeysOptions extends CommonOptions {
  /** Absolute or relative to the working folder. */
  readonly dir: string;
  /** Names of rings or of their clients; none: all. */
  readonly rings: readonly string[];
}

interface WrittenKey extends Pick<SigningKey, "file" | "kid"> {
  readonly ring: string;
  readonly state: "written" | "unchanged";
}

/** @throws AuthnError where a key was not written, with the reason for each; those that could be are written by then */
export function writeKeys(options: KeysOptions, surroundings: Surroundings): Promise<ExitCode> {
  const { cwd, stdout, stderr, clockMs } = surroundings;
  return answer(options, surroundings, async () => {
    const { stack } = options;
    const situation = await lookAround(options, surroundings);
    const resources = ringResources(await exportedResources(situation, surroundings, { showSecrets: true }), stack);
    const chosen = new Set(chosenRings(resources, options.rings, stack).map(({ name }) => name));
    const { claims, keys, unfinished } = await ringKeys(resources);
    const folder = await openKeyFolder(resolve(cwd, options.dir));
    await removeLeftovers(folder, clockMs());
    const all = await readWritten(situation.home.keyFiles);
    const wanted = keys.filter(({ name }) => chosen.has(name));
    const places = wanted.map(({ file }) => file);
    const found = await keysIn(folder.path, places);
    const written = inFolder(all, folder);
    const { ours, stale, strangers } = occupantsOf(found, { stack, rings: claims, written });

    // A stranger's key may sign at any moment as it is; a rotation that goes on without its file would be worse than that.
    const writable = wanted.filter(({ file }) => strangers.length === 0 || ours.has(file));
    const done: WrittenKey[] = [];
    for (const { name, file, kid, pem, isSeen } of writable) {
      const state = (await standsAlready(folder, file, pem)) ? "unchanged" : "written";
      if (state === "written") await placeKey(folder, file, pem);
      done.push({ ring: name, file, kid, state });
      if (!options.json) stdout.write(`${state === "written" ? "wrote" : "stands"} ${file}: ${shortKid(kid)}\n`);
      if (!isSeen) say(`${oneLine(name)}: ${shortKid(kid)} was not seen yet where verifiers look for it`);
    }
    const known = found.map(({ file }) => file);
    await saveWritten(situation.home.keyFiles, remembered(all, folder, known, stack, done));
    for (const { file, ring } of stale) say(staleText(oneLine(file), oneLine(ring)));
    const left = [
      ...unfinished.filter(({ name }) => chosen.has(name)).map(({ name, reason }) => `${oneLine(name)}: ${reason}`),
      ...strangers.map(({ file, about }) => `${oneLine(file)}: ${about}`),
    ];
    if (left.length > 0) throw notAll(folder, left, wanted.length - writable.length);
    return { code: exitCode.done, outputs: { directory: folder.path, keys: done, stale } };
  });

  function say(line: string): void {
    stderr.write(`warning: ${line}\n`);
  }
}

const staleText = (file: string, ring: string) =>
  `${file} holds a key of ${ring}, which the stack has no more: remove it once nobody signs with it`;

/** What was written into this folder, by file name. */
function inFolder(all: Written, { path }: KeyFolder): Written {
  return Object.fromEntries(
    Object.entries(all).flatMap(([file, entry]) =>
      file === join(path, basename(file)) ? [[basename(file), entry] as const] : [],
    ),
  );
}

/** With what was written now, and without what lies in this folder no more. */
function remembered(
  all: Written,
  { path }: KeyFolder,
  found: readonly string[],
  stack: string,
  done: readonly WrittenKey[],
): Written {
  const kept = Object.entries(all).filter(
    ([file]) => file !== join(path, basename(file)) || found.includes(basename(file)),
  );
  const now = done.map(({ file, ring, kid }) => [join(path, file), { stack, ring, kid }] as const);
  return Object.fromEntries([...kept, ...now]);
}

function notAll({ path }: KeyFolder, left: readonly string[], held: number): AuthnError {
  const lines = left.map((line) => `  ${line}`).join("\n");
  return new AuthnError({
    code: "ERR_AUTHN_STATE",
    what: `Not all is well with ${path}:\n${lines}${held === 0 ? "" : `\n${held} new key files were not written`}`,
    remedy: "Take private keys that don't belong there away, finish unfinished rings with `authn up`, and run it again",
  });
}
