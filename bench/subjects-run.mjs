/** One run of a resource: the plain requests and each subject through its whole life, in rounds. */
import { runOnEngine } from "./engine-run.mjs";
import { medians } from "./figures.mjs";
import { runPlainRequests } from "./plain-run.mjs";
import { NAMES } from "./report/words.mjs";
import { resources } from "./resources/index.mjs";
import { withSetting } from "./setting.mjs";
import { isOfRound, mostOf, operationsOf, subjectNames } from "./subjects.mjs";

/**
 * @param {import("./setting.mjs").Surroundings} surroundings
 * @param {{ resource: import("./figures.mjs").ResourceName, users: number, skipCheckpoints: boolean, rounds: number, mostByHand: number }} wanted
 * @returns {Promise<import("./figures.mjs").Run>}
 */
export function runSubjects(surroundings, { rounds, mostByHand, ...wanted }) {
  const { resource: name, users } = wanted;
  const resource = resources[name];
  return withSetting(surroundings, wanted, async (setting) => {
    const rows = [];
    const notes = [...resource.notes];
    for (let round = 1; round <= rounds; round += 1) {
      const parts = [await runPlainRequests(setting)];
      // Whoever comes first finds the caches cold: that is another one in each round.
      for (const subject of rotated(subjectNames, round).filter((name) => isOfRound(name, round))) {
        const most = mostOf(resource, subject, { ...wanted, mostByHand });
        if (most === undefined) continue;
        if (users > most)
          notes.push(`${NAMES[subject]}: ${most === 0 ? "" : `beyond ${most} ${resource.counted} `}left out`);
        else parts.push(await runOnEngine(subject, operationsOf(resource, subject), setting));
      }
      rows.push(...parts.flatMap((part) => part.rows));
      notes.push(...parts.flatMap((part) => part.notes));
    }
    return { ...wanted, parallel: surroundings.parallel, rounds, rows: medians(rows), notes: [...new Set(notes)] };
  });
}

/** @template T @param {readonly T[]} items @param {number} by @returns {T[]} */
function rotated(items, by) {
  const start = by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}
