/** Whether a process of this machine lives: what a lock or a tenant's record is worth. */
import { readFileSync } from "node:fs";

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, under another user.
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return false;
  }
  return process.platform !== "linux" || !isZombie(pid);
}

/** A process that has ended, and that its parent hasn't asked after yet, takes signals like a living one. */
function isZombie(pid: number): boolean {
  try {
    return hasEnded(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    // No /proc, or one that hides the processes of others: the signal's answer counts.
    return false;
  }
}

/** `<pid> (<name>) <state> …` of proc(5); the name may hold parentheses and spaces itself. */
export function hasEnded(stat: string): boolean {
  return /^\s*[ZXx]/.test(stat.slice(stat.lastIndexOf(")") + 1));
}

/**
 * When a process was started, in the system's own count: with it a number that is used again is told from the process that had it first.
 * @returns undefined where the system doesn't tell
 */
export function bornAt(pid: number): string | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The 22nd field of proc(5), `starttime`; the second one, the name, may hold spaces.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}
