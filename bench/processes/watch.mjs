/**
 * Follows a program and all it starts by polling `/proc`, since the engine and its provider process are no children of ours and
 * end without a report. On systems without `/proc` nothing is known.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { parsePeakBytes, parseStat } from "./stat.mjs";

/** @typedef {"program" | "engine" | "provider"} Role the program starts the engine, the engine all else */
/** @typedef {{ cpuSeconds: number, peakBytes: number }} Usage `peakBytes` is that of the largest process */
/** @typedef {Readonly<Record<Role, Usage>> & { readonly seenShare: number }} TreeUsage `seenShare`: of the CPU time that the system accounted, how much the polling saw */
/** @typedef {{ role: Role, ticks: number, ticksAtMark: number, peakBytes: number }} Followed */

const POLL_MS = 25;
/** @type {Readonly<Record<Role, Role>>} */
const ROLE_OF_CHILD = { program: "engine", engine: "provider", provider: "provider" };

/** @param {number} rootPid the program */
export function watchTree(rootPid) {
  if (!existsSync("/proc/self/stat")) return { mark() {}, stop: () => undefined };
  const ticksPerSecond = Number(spawnSync("getconf", ["CLK_TCK"], { encoding: "utf8" }).stdout) || 100;
  const reapedBefore = reapedTicks();
  /** @type {Map<number, Followed>} */
  const followed = new Map([[rootPid, { role: "program", ticks: 0, ticksAtMark: 0, peakBytes: 0 }]]);
  /** @type {Set<number>} */
  let strangers = new Set();

  const poll = () => {
    const pids = readdirSync("/proc").map(Number).filter(Number.isInteger);
    // A number comes round again: who is gone is forgotten.
    strangers = new Set(pids.filter((pid) => strangers.has(pid)));
    for (const pid of pids) {
      if (strangers.has(pid)) continue;
      const times = timesOf(pid);
      if (times === undefined) continue;
      const known = followed.get(pid) ?? adopt(followed, pid, times.parent);
      if (known === undefined) strangers.add(pid);
      else {
        known.ticks = Math.max(known.ticks, times.ownTicks);
        known.peakBytes = Math.max(known.peakBytes, peakBytesOf(pid));
      }
    }
  };
  const timer = setInterval(poll, POLL_MS);
  poll();

  return {
    /** What is used from here on counts; what has been used before doesn't. */
    mark() {
      poll();
      for (const one of followed.values()) one.ticksAtMark = one.ticks;
    },

    /** To be called once the program has ended. @returns {TreeUsage | undefined} */
    stop() {
      clearInterval(timer);
      const all = [...followed.values()];
      const seen = all.reduce((sum, { ticks }) => sum + ticks, 0);
      const reaped = reapedTicks() - reapedBefore;
      /** @param {Role} role @returns {Usage} */
      const usage = (role) => {
        const ofRole = all.filter((one) => one.role === role);
        return {
          cpuSeconds: ofRole.reduce((sum, { ticks, ticksAtMark }) => sum + ticks - ticksAtMark, 0) / ticksPerSecond,
          peakBytes: Math.max(0, ...ofRole.map(({ peakBytes }) => peakBytes)),
        };
      };
      return {
        program: usage("program"),
        engine: usage("engine"),
        provider: usage("provider"),
        seenShare: reaped === 0 ? 1 : Math.min(1, seen / reaped),
      };
    },
  };
}

/** @param {Map<number, Followed>} followed @param {number} pid @param {number} parent */
function adopt(followed, pid, parent) {
  const starter = followed.get(parent);
  if (starter === undefined) return undefined;
  /** @type {Followed} */
  const child = { role: ROLE_OF_CHILD[starter.role], ticks: 0, ticksAtMark: 0, peakBytes: 0 };
  followed.set(pid, child);
  return child;
}

/** @param {number} pid */
function timesOf(pid) {
  const line = readOfProcess(pid, "stat");
  return line === undefined ? undefined : parseStat(line);
}

/** @param {number} pid */
function peakBytesOf(pid) {
  return parsePeakBytes(readOfProcess(pid, "status") ?? "") ?? 0;
}

function reapedTicks() {
  return parseStat(readFileSync("/proc/self/stat", "utf8")).reapedTicks;
}

/** @param {number} pid @param {string} name @returns {string | undefined} undefined: it has ended */
function readOfProcess(pid, name) {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "utf8");
  } catch {
    return undefined;
  }
}
