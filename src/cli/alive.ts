/** Whether a process of this machine lives: what a lock or a tenant's record is worth. */
import { hasCode } from "./private-file.js";

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, under another user.
    return hasCode(error, "EPERM");
  }
}
