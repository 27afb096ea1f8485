// Loaded into every Node process of a run by NODE_OPTIONS=--import. In the one process that the order in AUTHN_CHAOS names, it counts
// the occurrences of a moment and kills in the midst of the chosen one; in all others it does nothing but to note who they are.
import { subscribe } from "node:diagnostics_channel";
import { appendFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { failWrites } from "./full-disk.mjs";
import { moments } from "./moments.mjs";
import { childrenOf, parentsOf, tree } from "./process-tree.mjs";

/**
 * @typedef {object} Order
 * @property {string} notes a file of JSON lines: which process is which, and that the kill came
 * @property {{ in: "host" | "program", moment: import("./moments.mjs").MomentName, nth: number, targets: readonly Target[] }} [boundary]
 * @property {import("./full-disk.mjs").Disk} [disk]
 */
/** @typedef {"engine" | "program" | "host"} Target */

const PROGRAM = "AUTHN_CHAOS_PROGRAM";

/** The command's file, or the folder of the stock host's; everything else that Node runs is no concern of ours. */
function role() {
  const script = process.argv[1] ?? "";
  if (script.endsWith("/cli/main.js")) return "program";
  return basename(script) === "dynamic-provider" || basename(dirname(script)) === "dynamic-provider"
    ? "host"
    : undefined;
}

function begin() {
  const text = process.env.AUTHN_CHAOS;
  const own = role();
  if (text === undefined || own === undefined) return;
  /** @type {Order} */
  const order = JSON.parse(text);
  // The engine and the host inherit it.
  if (own === "program") process.env[PROGRAM] = String(process.pid);
  const program = Number(process.env[PROGRAM]);
  const engine = own === "host" ? parentsOf(tree(), process.pid, program).at(-1) : undefined;
  const note = (line) => appendFileSync(order.notes, `${JSON.stringify(line)}\n`);
  note({ role: own, pid: process.pid, ...(engine === undefined ? {} : { engine }) });
  if (order.disk !== undefined && own === "host") failWrites(order.disk);
  if (order.boundary !== undefined && order.boundary.in === own) {
    watch(order.boundary, (targets) => {
      const pids = own === "host" ? { host: process.pid, program, engine } : { program, ...startedBy(program) };
      const there = targets.filter((target) => pids[target] !== undefined);
      if (there.length > 0) note({ struck: there });
      strike(there.map((target) => pids[target]));
    });
  }
}

function watch({ moment, nth, targets }, kill) {
  const { channel, isIt } = moments[moment];
  let left = nth;
  subscribe(channel, (message) => {
    if (!isIt(message)) return;
    left -= 1;
    if (left === 0) kill(targets);
  });
}

/** Who of them still lives when the program has something to do by itself. @param {number} program */
function startedBy(program) {
  const children = childrenOf(tree(), program);
  const pidOf = (/** @type {RegExp} */ pattern) => children.find(({ command }) => pattern.test(command))?.pid;
  return { engine: pidOf(/\/pulumi (up|destroy) /), host: pidOf(/^\S*node .*dynamic-provider/) };
}

/** The process that runs this goes last, whoever else is to go. @param {readonly number[]} pids */
function strike(pids) {
  for (const pid of [...pids].sort((one, other) => Number(one === process.pid) - Number(other === process.pid))) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It is gone already.
    }
  }
}

begin();
