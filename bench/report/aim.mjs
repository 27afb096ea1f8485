/** An aim: a measured number, and the most or the least that it should be. Pure. */

/** @typedef {{ most: number } | { least: number }} Bound */
/** @typedef {{ aim: string, measured: number | undefined, unit: string } & Bound} Aim */

/** @param {Aim} aim @returns {"met" | "missed" | "n/a"} */
export function verdict({ measured, ...bound }) {
  if (measured === undefined) return "n/a";
  const isMet = "most" in bound ? measured <= bound.most : measured >= bound.least;
  return isMet ? "met" : "missed";
}
