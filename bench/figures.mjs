/** What is measured of one operation, and the median of several rounds. */

/**
 * @typedef {object} Figures undefined: not known on this system, or not a thing of this subject
 * @property {number} wallSeconds
 * @property {number} requests seen by the tenant
 * @property {number} writes the requests that may change something
 * @property {number | undefined} programCpuSeconds
 * @property {number | undefined} [engineCpuSeconds]
 * @property {number | undefined} [providerCpuSeconds]
 * @property {number | undefined} programPeakBytes
 * @property {number | undefined} [enginePeakBytes]
 * @property {number | undefined} [providerPeakBytes]
 * @property {number | undefined} [stateBytesPerResource]
 * @property {number | undefined} [seenShare] how much of the CPU time that the system accounted was seen
 */

/** @typedef {(typeof operations)[number]} OperationName */
/** @typedef {import("./resources/index.mjs").ResourceName} ResourceName */
/** @typedef {import("./subjects.mjs").SubjectName | "plain"} RowName */
/** @typedef {{ name: RowName, operation: OperationName, figures: Figures }} Row */
/** @typedef {{ resource: ResourceName, users: number, parallel: number, skipCheckpoints: boolean, rounds: number, rows: readonly Row[], notes: readonly string[] }} Run */

/** In the order in which they are run. Not every subject has the variants, and not every resource steps that fall due. */
export const operations = /** @type {const} */ ([
  "create",
  "noop",
  "refresh",
  "refreshWithoutDevices",
  "dueStep",
  "destroy",
]);

/** @param {readonly (number | undefined)[]} numbers @returns {number | undefined} */
export function median(numbers) {
  const known = numbers.filter((number) => number !== undefined).sort((one, other) => one - other);
  const middle = known.length / 2;
  const [low, high] = [known[Math.ceil(middle) - 1], known[Math.floor(middle)]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}

/** One row for each subject and operation, in the order in which they first came. @param {readonly Row[]} samples @returns {Row[]} */
export function medians(samples) {
  /** @type {Map<string, Row[]>} */
  const groups = new Map();
  for (const sample of samples) {
    const key = `${sample.name} ${sample.operation}`;
    groups.set(key, [...(groups.get(key) ?? []), sample]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    /** @param {keyof Figures} key */
    const of = (key) => median(group.map(({ figures }) => figures[key]));
    const known = Object.fromEntries(figureNames(first.figures).map((key) => [key, of(key)]));
    return [{ ...first, figures: { ...first.figures, ...known } }];
  });
}

/** @param {Figures} figures @returns {(keyof Figures)[]} */
const figureNames = (figures) => /** @type {(keyof Figures)[]} */ (Object.keys(figures));

/** @param {Run | undefined} run @param {RowName} name @param {OperationName} operation @returns {Figures | undefined} */
export function figuresOf(run, name, operation) {
  return run?.rows.find((row) => row.name === name && row.operation === operation)?.figures;
}
