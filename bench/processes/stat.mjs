/** Reads what Linux tells of a process: `/proc/<pid>/stat` and `/proc/<pid>/status` (proc(5)). */

/**
 * @typedef {object} ProcessTimes
 * @property {number} parent process id
 * @property {number} ownTicks user and system time of the process and its threads
 * @property {number} reapedTicks the same of its ended children, those of theirs included
 */

/** Fields behind the name, counted from `state`, which is the third of the line. */
const FIELD = { parent: 1, user: 11, system: 12, reapedUser: 13, reapedSystem: 14 };

/** @param {string} line @returns {ProcessTimes} */
export function parseStat(line) {
  // The name stands in parentheses and may hold blanks and parentheses itself.
  const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
  /** @param {number} index */
  const field = (index) => Number(fields[index]);
  return {
    parent: field(FIELD.parent),
    ownTicks: field(FIELD.user) + field(FIELD.system),
    reapedTicks: field(FIELD.reapedUser) + field(FIELD.reapedSystem),
  };
}

/** @param {string} text @returns {number | undefined} the most memory that the process ever had resident, in bytes; undefined once it has ended */
export function parsePeakBytes(text) {
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(text)?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
}
