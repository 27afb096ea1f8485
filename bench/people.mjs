/** Who is made in each run: the same names for every subject, one device each. */

/** @param {number} count @returns {readonly string[]} user names of equal length */
export function people(count) {
  return Array.from({ length: count }, (_, index) => `person-${String(index + 1).padStart(6, "0")}`);
}

/** @param {readonly string[]} names @returns {string} the same people as a fixture file */
export function fixtureFile(names) {
  return ["people:", ...names.map((name) => `  ${name}:\n    keyri: [{ device: phone, prove: true }]`), ""].join("\n");
}
