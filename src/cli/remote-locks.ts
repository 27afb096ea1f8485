/**
 * The locks of a backend that is no folder: only the engine sees them, and names them where it refuses to run. Text: engine v3.228.0
 * (`the stack is currently locked by 1 lock(s)` … `created by root@host (pid 12) at 2026-…Z`).
 */
import { hostname, uptime } from "node:os";
import { isAlive } from "../../providers/host/alive.js";
import type { Automation, BareStack } from "./automation.js";
import { isDead, type Lock, type Machine } from "./locks.js";

const lockLine = /\.json\S*: created by (\S+)@(\S+) \(pid (\d+)\) at (\S+)/g;

export function locksNamedIn(message: string): readonly Omit<Lock, "file">[] {
  const count = Number(/currently locked by (\d+) lock\(s\)/.exec(message)?.[1] ?? 0);
  const locks = [...message.matchAll(lockLine)].flatMap(([, username = "", host = "", pid = "", at = ""]) => {
    const timestamp = new Date(at);
    return Number.isNaN(timestamp.getTime()) ? [] : [{ username, hostname: host, pid: Number(pid), timestamp }];
  });
  // One that can't be read may be anybody's.
  return locks.length === count ? locks : [];
}

/**
 * Where the engine refused to run for locks of processes that have all died on this machine, removes them.
 * @returns whether it did: then the operation can be run again
 */
export async function clearRemoteLocks(
  engineError: unknown,
  { automation, stack }: { readonly automation: Automation; readonly stack: BareStack },
  report: (line: string) => void,
  machine: Machine = { hostname: hostname(), bootedAtMs: Date.now() - uptime() * 1_000, isAlive },
): Promise<boolean> {
  const locks = engineError instanceof Error ? locksNamedIn(engineError.message) : [];
  if (locks.length === 0 || !locks.every((lock) => isDead(lock, machine))) return false;
  await automation.cancel(stack);
  for (const { pid, username, hostname: host, timestamp } of locks) {
    report(
      `removed the lock that a dead operation left (process ${pid} of ${username}@${host} since ${timestamp.toISOString()})`,
    );
  }
  return true;
}
