/**
 * The locks of a backend that is no folder: only the engine sees them, and names them where it refuses to run. Text: engine v3.228.0
 * (`the stack is currently locked by 1 lock(s)` … `created by root@host (pid 12) at 2026-…Z`).
 */
import { createHash, randomUUID } from "node:crypto";
import { readdir, rm, stat } from "node:fs/promises";
import { hostname, uptime } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { bornAt, isAlive } from "../../providers/host/alive.js";
import { isDead, type Lock, type Machine } from "./locks.js";
import { createPrivateFileOnce, makePrivateFolder } from "./private-file.js";

type NamedLock = Omit<Lock, "file">;

const lockLine = /\.json\S*: created by (\S+)@(\S+) \(pid (\d+)\) at (\S+)/g;

export function locksNamedIn(message: string): readonly NamedLock[] {
  const count = Number(/currently locked by (\d+) lock\(s\)/.exec(message)?.[1] ?? 0);
  const locks = [...message.matchAll(lockLine)].flatMap(([, username = "", host = "", pid = "", at = ""]) => {
    const timestamp = new Date(at);
    return Number.isNaN(timestamp.getTime()) ? [] : [{ username, hostname: host, pid: Number(pid), timestamp }];
  });
  // One that can't be read may be anybody's.
  return locks.length === count ? locks : [];
}

/** Cancelling takes an engine's start, as running again does: whoever isn't the one to cancel finds it done by then. */
const MOST_TURNS = 3;
/** So long a mark says who was to cancel; nobody still has the engine's words of before by then. */
const MARK_KEPT_MS = 24 * 3_600_000;

export interface LockedStack {
  /** The engine's cancel: removes the stack's lock, whosever it is. */
  cancel(): Promise<unknown>;
  /** What all projects of this user on this machine have in common: the engine's own. */
  readonly pulumiHome: string;
  readonly report: (line: string) => void;
}

/** Runs it, and again where the engine refused for locks of processes that have all died on this machine: they are removed. */
export async function runUnlocked<Outcome extends { readonly engineError: unknown }>(
  run: () => Promise<Outcome>,
  locked: LockedStack,
  machine: Machine = { hostname: hostname(), bootedAtMs: Date.now() - uptime() * 1_000, isAlive },
): Promise<Outcome> {
  let outcome = await run();
  for (let turn = 0; turn < MOST_TURNS; turn += 1) {
    const locks = deadLocks(outcome, machine);
    if (locks === undefined) break;
    const role = await roleOf(locks, locked.pulumiHome, machine);
    if (role === "successor") {
      // Whoever was to cancel may have done so before it died, and its engine may live: these words are old by now.
      outcome = await run();
      if (!isDeepStrictEqual(deadLocks(outcome, machine), locks)) continue;
    }
    if (role !== "bystander") await cancel(locks, locked);
    outcome = await run();
  }
  return outcome;
}

/** The locks that the engine refused for; undefined: it didn't, or one of them may be held. */
function deadLocks({ engineError }: { readonly engineError: unknown }, machine: Machine) {
  const locks = engineError instanceof Error ? locksNamedIn(engineError.message) : [];
  return locks.length > 0 && locks.every((lock) => isDead(lock, machine)) ? locks : undefined;
}

async function cancel(locks: readonly NamedLock[], locked: LockedStack): Promise<void> {
  await locked.cancel();
  for (const { pid, username, hostname: host, timestamp } of locks) {
    locked.report(
      `removed the lock that a dead operation left (process ${pid} of ${username}@${host} since ${timestamp.toISOString()})`,
    );
  }
}

/**
 * One of those that found the same dead locks: a cancel removes whatever lock is there, and a second one would remove that of the
 * operation which began after the first. The mark names who it is, by process; where that died, it names who is next in a mark of its own,
 * so that of several who find it dead one is the next as well.
 */
async function roleOf(
  locks: readonly NamedLock[],
  pulumiHome: string,
  machine: Machine,
): Promise<"first" | "successor" | "bystander"> {
  const folder = join(pulumiHome, "authn-cancelled");
  await makePrivateFolder(folder);
  await forgetOldMarks(folder);
  const own = `${process.pid} ${bornAt(process.pid) ?? ""} ${randomUUID()}`;
  let about = JSON.stringify(locks.map((lock) => [lock.hostname, lock.pid, lock.timestamp.getTime()]).sort());
  for (let role: "first" | "successor" = "first"; ; role = "successor") {
    const mark = await createPrivateFileOnce(join(folder, createHash("sha256").update(about).digest("hex")), own);
    if (mark === own) return role;
    const [pid = "", born = ""] = mark.split(" ");
    if (machine.isAlive(Number(pid)) && (born === "" || bornAt(Number(pid)) === born)) return "bystander";
    about = `${about} ${mark}`;
  }
}

async function forgetOldMarks(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = join(folder, name);
    const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
    if (Date.now() - mtimeMs > MARK_KEPT_MS) await rm(file, { force: true });
  }
}
