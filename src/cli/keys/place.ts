/**
 * Putting a key file into its directory: made whole in a folder beside the directory, on the same file system, and renamed over
 * what stands there, so that a reader finds the key of before or the new one, never both and never half of one.
 */
import { chmod, mkdir, mkdtemp, open, readdir, readFile, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { AuthnError } from "../../../providers/errors.js";
import { hasCode } from "../private-file.js";

export interface KeyFolder {
  /** Absolute, without symbolic links. */
  readonly path: string;
  /** On the same file system, for what is being made. */
  readonly beside: string;
}

/**
 * The directory, made (0700) where it is missing.
 * @throws AuthnError ERR_AUTHN_USAGE where files in it can't be replaced by a rename
 */
export async function openKeyFolder(given: string): Promise<KeyFolder> {
  await mkdir(given, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    if (hasCode(error, "EEXIST") || hasCode(error, "ENOTDIR")) throw unsuitable(given, "it is no directory");
    // ENOENT is how Node tells of a parent on a file system that is read-only.
    throw isRefusal(error) || hasCode(error, "ENOENT") ? unsuitable(given, "it can't be made there") : error;
  });
  const path = await realpath(given);
  const beside = dirname(path);
  const [own, parents] = await Promise.all([stat(path), stat(beside)]);
  if (!own.isDirectory()) throw unsuitable(given, "it is no directory");
  if (own.dev !== parents.dev || path === beside) {
    throw unsuitable(given, "it is the root of a file system, so nothing can be renamed into it from beside it");
  }
  return { path, beside };
}

const prefixOf = (folder: string) => `.${basename(folder)}.authn-`;

/** Writes and renames. @throws AuthnError ERR_AUTHN_USAGE where the directory, or the folder that it lies in, takes no file */
export async function placeKey({ path, beside }: KeyFolder, file: string, pem: string): Promise<void> {
  const made = await mkdtemp(join(beside, prefixOf(path))).catch((error: unknown) => {
    throw isRefusal(error) ? unsuitable(path, `nothing may be written beside it, in ${beside}`) : error;
  });
  try {
    await writeSynced(join(made, file), pem);
    await rename(join(made, file), join(path, file));
    await syncFolder(path);
  } catch (error) {
    throw isRefusal(error) ? unsuitable(path, "nothing may be written into it") : unplaced(path, file, error);
  } finally {
    await rm(made, { recursive: true, force: true });
  }
}

/** Permissions, or a file system that is read-only. */
function isRefusal(error: unknown): boolean {
  return ["EACCES", "EPERM", "EROFS"].some((code) => hasCode(error, code));
}

/** True where the file holds just this; then it is the owner's alone afterwards. One that is another user's doesn't count. */
export async function standsAlready({ path }: KeyFolder, file: string, pem: string): Promise<boolean> {
  const target = join(path, file);
  try {
    if ((await readFile(target, "utf8")) !== pem) return false;
    await chmod(target, 0o600);
    return true;
  } catch {
    return false;
  }
}

const leftoverMs = 3_600_000;

/** Removes what killed runs left beside the directory, once it is an hour old: there is a key in it. */
export async function removeLeftovers({ path, beside }: KeyFolder, nowMs: number): Promise<void> {
  for (const name of await readdir(beside).catch(() => [])) {
    if (!name.startsWith(prefixOf(path))) continue;
    const left = join(beside, name);
    const changedMs = (await stat(left).catch(() => undefined))?.mtimeMs ?? nowMs;
    // In a folder that others use too it may be theirs, and then it stays.
    if (nowMs - changedMs > leftoverMs) await rm(left, { recursive: true, force: true }).catch(() => {});
  }
}

async function writeSynced(file: string, text: string): Promise<void> {
  const handle = await open(file, "wx", 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The rename itself must outlive a crash; Windows has no such call for folders. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A full disk, say. */
function unplaced(folder: string, file: string, error: unknown): AuthnError {
  return new AuthnError({
    code: "ERR_AUTHN_STATE",
    what: `${file} wasn't written into ${folder}: ${error instanceof Error ? error.message : String(error)}`,
    remedy: "What stood there before still does; put that right and run it again",
    cause: error,
  });
}

function unsuitable(folder: string, reason: string): AuthnError {
  return new AuthnError({
    code: "ERR_AUTHN_USAGE",
    what: `Keys can't be put into ${folder}: ${reason}`,
    where: "--dir",
    remedy: "Give a directory whose parent you may write to, on the same file system: a folder below a mounted one",
  });
}
