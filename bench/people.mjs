/** Who is made in each run: the same names for every subject, one device each. */

/** @param {number} count @returns {readonly string[]} user names of equal length */
export function people(count) {
  return Array.from({ length: count }, (_, index) => `person-${String(index + 1).padStart(6, "0")}`);
}

/** @param {readonly string[]} names @returns {string} the same people as a fixture file */
export function fixtureFile(names) {
  const entries = names.map((name) => `  ${name}: { displayName: ${name}, keyri: [{ device: phone, prove: true }] }`);
  return ["people:", ...entries, ""].join("\n");
}
