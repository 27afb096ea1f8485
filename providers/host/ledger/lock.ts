/**
 * One operation a ledger: the hosts of one engine share the lock, another operation waits for what outlived a killed engine, and is
 * refused while anything else holds it. Who holds it is judged by its process; the engine's own lock keeps operations apart long before.
 */
import { randomUUID } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { AuthnError } from "../../errors.js";
import { bornAt, isAlive } from "../alive.js";
import type { Clock } from "../lifecycle.js";
import { isMissing, isWritten, readJournals } from "./folder.js";

const lockHolder = z.object({
  operation: z.string(),
  /** 0: nobody's. */
  pid: z.int().min(0),
  hostname: z.string(),
  born: z.string().optional(),
  startedAt: z.iso.datetime(),
});
export type LockHolder = z.infer<typeof lockHolder>;

export interface LedgerLock {
  /** False for a process that shares another one's. */
  readonly isOwn: boolean;
  release(): Promise<void>;
  /** The same, before it returns. */
  releaseNow(): void;
}

// A host that lost its engine ends within ten seconds: its last request's time.
const PATIENCE_MS = 20_000;
const POLL_MS = 50;

export function lockPath(folder: string): string {
  return join(folder, "operation.lock");
}

/** @returns undefined where nobody holds it */
export async function lockHolderOf(folder: string): Promise<LockHolder | undefined> {
  try {
    return lockHolder.safeParse(JSON.parse(await readFile(lockPath(folder), "utf8"))).data;
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Whether one of its processes may still do something; of another machine nobody can tell. */
export async function isHeld(
  folder: string,
  { operation, pid, hostname: machine, born }: LockHolder,
): Promise<boolean> {
  if (machine !== hostname()) return true;
  if (pid !== 0 && isAlive(pid) && (born === undefined || bornAt(pid) === born)) return true;
  const journals = await readJournals(folder);
  return journals.some(({ header }) => header !== undefined && header.operation === operation && isWritten(header));
}

/**
 * @param operation what its processes have in common: the engine's address, or `authn:<pid>`
 * @throws AuthnError ERR_AUTHN_LEDGER where another operation goes on
 */
export async function lockLedger(
  folder: string,
  operation: string,
  clock: Clock,
  pid: number = process.pid,
): Promise<LedgerLock> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = lockPath(folder);
  const startedAt = new Date(clock.now()).toISOString();
  const own = JSON.stringify({
    operation,
    pid,
    hostname: hostname(),
    born: bornAt(pid),
    startedAt,
  } satisfies LockHolder);
  const lock: LedgerLock = {
    isOwn: true,
    async release() {
      if ((await readText(path)) === own) await rm(path, { force: true });
    },
    releaseNow() {
      try {
        if (readFileSync(path, "utf8") === own) rmSync(path, { force: true });
      } catch {
        // It is gone already.
      }
    },
  };
  for (let waitedMs = 0; ; waitedMs += POLL_MS) {
    if (await take(path, own)) return lock;
    const text = await readText(path);
    const holder = await lockHolderOf(folder);
    if (holder?.operation === operation) return sisters;
    if (text !== undefined && (holder === undefined || !(await isHeld(folder, holder)))) {
      await putAside(path, text);
      continue;
    }
    if (waitedMs >= PATIENCE_MS && holder !== undefined) throw held(path, holder);
    await clock.sleep(POLL_MS);
  }
}

/** Of a process that shares it: whoever took it gives it back. */
const sisters: LedgerLock = { isOwn: false, release: () => Promise.resolve(), releaseNow: () => undefined };

async function take(path: string, own: string): Promise<boolean> {
  const temporary = `${path}.${randomUUID()}`;
  try {
    // Made whole before it has its name: a lock is never read half-written.
    await writeFile(temporary, own, { mode: 0o600, flag: "wx" });
    await link(temporary, path);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Of two that find the same dead lock, the second one must not take away what the first has just put there. */
async function putAside(path: string, dead: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
    if ((await readText(aside)) !== dead) await link(aside, path).catch(() => undefined);
  } catch (error) {
    if (!isMissing(error)) throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function held(path: string, { pid, hostname: machine, startedAt }: LockHolder): AuthnError {
  return new AuthnError({
    code: "ERR_AUTHN_LEDGER",
    what: `The ledger is held by process ${pid} on ${machine} since ${startedAt}: another operation is under way`,
    remedy: `Wait until it ends; if you know that it is dead, remove ${path}`,
  });
}
