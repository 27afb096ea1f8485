// Which process was started by which, as `ps` tells (POSIX: -A, -o pid=, ppid=, args=).
import { execFileSync } from "node:child_process";

/** @typedef {{ pid: number, parent: number, command: string }} Process */

/** @returns {readonly Process[]} */
export function tree() {
  const text = execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8", maxBuffer: 2 ** 26 });
  return text.split("\n").flatMap((line) => {
    const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), command: command ?? "" }];
  });
}

/** The processes between one and its ancestor, nearest first. @param {readonly Process[]} processes */
export function parentsOf(processes, pid, ancestor) {
  const parents = new Map(processes.map((one) => [one.pid, one.parent]));
  const found = [];
  for (let at = parents.get(pid); at !== undefined && at > 1 && at !== ancestor; at = parents.get(at)) found.push(at);
  return found;
}

/** All that a process started, and what those started. @param {readonly Process[]} processes @param {number} pid @returns {readonly Process[]} */
export function childrenOf(processes, pid) {
  return processes
    .filter(({ parent }) => parent === pid)
    .flatMap((child) => [child, ...childrenOf(processes, child.pid)]);
}

/** @param {number} pid */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
