/**
 * The locks of a file backend: one JSON file for each running operation, left behind when the engine dies. Shape and place:
 * as written by engine v3.228.0.
 */
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { AuthnError } from "../../providers/errors.js";
import { parseJson } from "./json.js";
import { hasCode, readFileIfPresent } from "./private-file.js";

const lockFile = z.object({
  pid: z.int().positive(),
  username: z.string(),
  hostname: z.string(),
  timestamp: z.coerce.date(),
});
export type Lock = z.infer<typeof lockFile> & { readonly file: string };

export interface Machine {
  readonly hostname: string;
  readonly bootedAtMs: number;
  isAlive(pid: number): boolean;
}

export async function readLocks(folder: string): Promise<readonly Lock[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (hasCode(error, "ENOENT")) return [];
    throw error;
  });
  const locks: Lock[] = [];
  for (const name of names.filter((candidate) => candidate.endsWith(".json"))) {
    const file = join(folder, name);
    const text = await readFileIfPresent(file);
    const parsed = lockFile.safeParse(text === undefined ? undefined : parseJson(text));
    if (parsed.success) locks.push({ ...parsed.data, file });
  }
  return locks;
}

/** A lock whose process can't live any more: it ran here, and is gone, or ran before this machine started. */
export function isDead(lock: Omit<Lock, "file">, machine: Machine): boolean {
  if (lock.hostname !== machine.hostname) return false;
  return lock.timestamp.getTime() < machine.bootedAtMs || !machine.isAlive(lock.pid);
}

/**
 * Removes what dead processes left, and says so; a lock that somebody may hold stops the operation.
 * @throws AuthnError ERR_AUTHN_STATE
 */
export async function clearDeadLocks(
  folder: string,
  machine: Machine,
  stack: string,
  report: (line: string) => void,
): Promise<void> {
  for (const lock of await readLocks(folder)) {
    const holder = `process ${lock.pid} of ${lock.username}@${lock.hostname} since ${lock.timestamp.toISOString()}`;
    if (!isDead(lock, machine)) {
      throw new AuthnError({
        code: "ERR_AUTHN_STATE",
        what: `Stack ${stack} is locked by ${holder}: another operation is under way`,
        remedy: `Wait until it ends; if you know that it is dead, do what \`pulumi cancel\` does: remove ${lock.file}`,
      });
    }
    await Promise.all([rm(lock.file, { force: true }), rm(`${lock.file}.attrs`, { force: true })]);
    report(`removed the lock that a dead operation left (${holder})`);
  }
}
