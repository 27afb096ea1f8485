/**
 * Putting an installation into place so that nobody ever sees half of one: it is made in a temporary folder beside its place, tried,
 * and renamed. What lay there broken is moved aside, not deleted: it may be somebody's.
 */
import { mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

const leftoverMs = 24 * 60 * 60_000;

/** The prefix of everything temporary that belongs to the installation `root`; the dot keeps it out of the search. */
const temporaryPrefix = (root: string): string => `.${basename(root)}-`;

/** A new empty folder beside `root`, on the same file system. */
export async function temporarySibling(root: string): Promise<string> {
  return mkdtemp(join(dirname(root), `${temporaryPrefix(root)}new-`));
}

/** Renames `made` to `root`. @returns false where another process was first; `made` then still stands. */
export async function putInPlace(made: string, root: string): Promise<boolean> {
  try {
    await rename(made, root);
    return true;
  } catch (error) {
    if (await stat(root).catch(() => undefined)) return false;
    throw error;
  }
}

/** Moves a broken installation out of the way. @returns where it lies now. */
export async function moveAside(root: string): Promise<string> {
  const aside = join(await mkdtemp(join(dirname(root), `${temporaryPrefix(root)}broken-`)), basename(root));
  await rename(root, aside);
  return aside;
}

/** Removes what killed runs left half made, once it is a day old. */
export async function removeLeftovers(root: string, nowMs: number): Promise<void> {
  for (const name of await readdir(dirname(root))) {
    if (!name.startsWith(`${temporaryPrefix(root)}new-`)) continue;
    const path = join(dirname(root), name);
    const age = nowMs - ((await stat(path).catch(() => undefined))?.mtimeMs ?? nowMs);
    if (age > leftoverMs) await rm(path, { recursive: true, force: true });
  }
}
