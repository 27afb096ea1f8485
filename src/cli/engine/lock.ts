/**
 * One at a time across processes: a lock file whose holder renews its modification time. Process ids don't serve, because a home
 * folder can be shared by containers. A thief of a stale lock can do no harm but double work: what is made is renamed into place.
 */
import { randomUUID } from "node:crypto";
import { readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

export interface LockOptions {
  readonly pollMs: number;
  readonly staleMs: number;
  /** Milliseconds since 1970, as file times are. */
  readonly now: () => number;
  /** Called once, when somebody else holds the lock. */
  readonly onWait: () => void;
  readonly signal?: AbortSignal | undefined;
}

/** Runs `work` while holding the lock file `path`, whose folder exists. */
export async function withLock<T>(path: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  const holder = randomUUID();
  let waited = false;
  while (!(await take(path, holder))) {
    options.signal?.throwIfAborted();
    if (await isStale(path, options)) {
      await rm(path, { force: true });
      continue;
    }
    if (!waited) options.onWait();
    waited = true;
    await delay(options.pollMs, undefined, options.signal === undefined ? {} : { signal: options.signal });
  }
  const renewal = setInterval(() => {
    const now = new Date(options.now());
    // A lock that can't be renewed is lost; the rename at the end decides then.
    utimes(path, now, now).catch(() => undefined);
  }, options.staleMs / 4);
  renewal.unref();
  try {
    return await work();
  } finally {
    clearInterval(renewal);
    if ((await holderOf(path)) === holder) await rm(path, { force: true });
  }
}

async function take(path: string, holder: string): Promise<boolean> {
  try {
    await writeFile(path, holder, { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

async function isStale(path: string, { now, staleMs }: LockOptions): Promise<boolean> {
  try {
    return now() - (await stat(path)).mtimeMs > staleMs;
  } catch {
    return false;
  }
}

async function holderOf(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch(() => undefined);
}
