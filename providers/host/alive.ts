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
