/** Every process of an operation ended at once, as `kill -9` does: the command, the engine, and the provider's process in a group of its own. */
import { execFileSync } from "node:child_process";

/** @param pid the command's */
export function killWithDescendants(pid: number): void {
  for (const one of [pid, ...descendants(pid)]) {
    try {
      process.kill(one, "SIGKILL");
    } catch {
      // It ended with the one before.
    }
  }
}

function descendants(pid: number): readonly number[] {
  const table = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
  const pairs = table.split("\n").map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent: number): readonly number[] =>
    pairs.flatMap(([child = 0, of]) => (of === parent ? [child, ...below(child)] : []));
  return below(pid);
}
