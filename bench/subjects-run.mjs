/** One run of a resource: the plain requests and each subject through its whole life, in rounds. */
import { runOnEngine } from "./engine-run.mjs";
import { medians, operations } from "./figures.mjs";
import { runPlainRequests } from "./plain-run.mjs";
import { resources, subjectNames } from "./resources/index.mjs";
import { withSetting } from "./setting.mjs";

/** @typedef {import("./resources/index.mjs").Resource} Resource */
/** @typedef {import("./resources/index.mjs").SubjectName} SubjectName */

/**
 * @param {import("./setting.mjs").Surroundings} surroundings
 * @param {{ resource: import("./figures.mjs").ResourceName, users: number, skipCheckpoints: boolean, rounds: number }} wanted
 * @returns {Promise<import("./figures.mjs").Run>}
 */
export function runSubjects(surroundings, { rounds, ...wanted }) {
  const { resource: name, users } = wanted;
  const resource = resources[name];
  return withSetting(surroundings, wanted, async (setting) => {
    const rows = [];
    const notes = [...resource.notes];
    for (let round = 1; round <= rounds; round += 1) {
      const parts = [await runPlainRequests(setting)];
      // Whoever comes first finds the caches cold: that is another one in each round.
      for (const subject of rotated(subjectNames, round)) {
        const { mostUsers } = resource.subjects[subject] ?? {};
        if (mostUsers === undefined) continue;
        if (users > mostUsers) notes.push(`${subject}: left out beyond ${mostUsers} ${resource.counted}`);
        else parts.push(await runOnEngine(subject, operationsOf(resource, subject), setting));
      }
      rows.push(...parts.flatMap((part) => part.rows));
      notes.push(...parts.flatMap((part) => part.notes));
    }
    return { ...wanted, parallel: surroundings.parallel, rounds, rows: medians(rows), notes: [...new Set(notes)] };
  });
}

/** @param {Resource} resource @param {SubjectName} subject */
function operationsOf({ variants, dueAfterMs }, subject) {
  return operations.filter((operation) => {
    if (operation === "dueStep") return dueAfterMs !== undefined;
    const isVariant = operation === "refreshWithoutDevices";
    return !isVariant || (subject === "authn" && variants[operation] !== undefined);
  });
}

/** @template T @param {readonly T[]} items @param {number} by @returns {T[]} */
function rotated(items, by) {
  const start = by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}
