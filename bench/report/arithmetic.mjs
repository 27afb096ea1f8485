/** Sums and ratios of figures that may be unknown; then so is what comes of them. Pure. */

/** @param {readonly (number | undefined)[]} parts @returns {number | undefined} unknown as soon as one of them is */
export function sum(parts) {
  return parts.reduce((total, part) => (total === undefined || part === undefined ? undefined : total + part), 0);
}

/** Of all processes: what a busy machine falsifies least. @param {import("../figures.mjs").Figures | undefined} figures */
export function cpuSeconds(figures) {
  return sum([figures?.programCpuSeconds, figures?.engineCpuSeconds, figures?.providerCpuSeconds]);
}

/** @param {number | undefined} number @param {number} by */
export function times(number, by) {
  return number === undefined ? undefined : number * by;
}

/** @param {number | undefined} number @param {number | undefined} by */
export function ratio(number, by) {
  return number === undefined || by === undefined || by === 0 ? undefined : number / by;
}

/** @param {number | undefined} number @param {number | undefined} less */
export function minus(number, less) {
  return number === undefined || less === undefined ? undefined : number - less;
}
