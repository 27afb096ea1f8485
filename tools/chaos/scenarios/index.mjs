// What can go wrong beside kills: each scenario in a file's function, on a stage of its own.
import { answersLost, flaky } from "./answers.mjs";
import { clockJumps } from "./clock.mjs";
import { diskFull, readOnlyFolder } from "./disk.mjs";
import { tenantKilled } from "./tenant-killed.mjs";
import { terminated } from "./terminated.mjs";
import { twoAtOnce } from "./two-at-once.mjs";

/**
 * @typedef {object} Play
 * @property {import("../stage.mjs").Stage} stage
 * @property {number} resources
 * @property {string} seed
 * @property {readonly import("../changes.mjs").Operation[]} [operations] of the course; absent: create, update, replace, destroy
 * @property {number} [times] how often each is disturbed; absent: as the scenario thinks fit
 */
/** @typedef {(play: Play) => Promise<void>} Scenario finds what is wrong, and leaves nothing behind */

/** @type {Readonly<Record<string, Scenario>>} */
export const scenarios = {
  "tenant-killed": tenantKilled,
  "answers-lost": answersLost,
  flaky,
  "clock-jumps": clockJumps,
  "disk-full": diskFull,
  "read-only": readOnlyFolder,
  "two-at-once": twoAtOnce,
  terminated,
};
export const scenarioNames = Object.keys(scenarios);
