/**
 * Where a file that is open really stands. Between the look at a path and its opening another process can put a link in the place of
 * one of its folders, and no flag of open(2) minds that: so the system is asked once more about what was opened.
 */
import { readlinkSync, realpathSync } from "node:fs";

/** @param path the one that was opened, without links when it was looked at; returns an absolute path without links */
export function openedAt(file: number, path: string): string {
  try {
    // proc_pid_fd(5): the kernel's own name of it, which no later swap can change.
    if (process.platform === "linux") return readlinkSync(`/proc/self/fd/${file}`);
  } catch {
    // No /proc here: the second look finds all but a swap that is undone in the same instant.
  }
  return realpathSync.native(path);
}
