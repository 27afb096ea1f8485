/** Whether the provider's memory stays flat at any size of picture: the same people with small ones, and with large ones. */
import { runOnEngine } from "./engine-run.mjs";
import { withSetting } from "./setting.mjs";

/** @typedef {{ imageBytes: number, figures: import("./figures.mjs").Figures | undefined }} Sized */
/** @typedef {{ users: number, concurrency: number, small: Sized, large: Sized, notes: readonly string[] }} ImagesRun */

const SMALL_BYTES = 20_000;
const LARGE_BYTES = 20_000_000;
const CONCURRENCY = 4;

/** @param {import("./setting.mjs").Surroundings} surroundings @param {number} users @returns {Promise<ImagesRun>} */
export async function measureImages(surroundings, users) {
  /** @type {string[]} */
  const notes = [];
  /** @param {number} imageBytes @returns {Promise<Sized>} */
  const measure = async (imageBytes) => {
    const wanted = {
      resource: /** @type {const} */ ("KeylessUser"),
      users,
      skipCheckpoints: false,
      imageBytes,
      settings: { "keyless:agentConcurrency": String(CONCURRENCY) },
    };
    const run = await withSetting(surroundings, wanted, (setting) => runOnEngine("authn", ["create"], setting));
    notes.push(...run.notes);
    return { imageBytes, figures: run.rows[0]?.figures };
  };
  const small = await measure(SMALL_BYTES);
  return { users, concurrency: CONCURRENCY, small, large: await measure(LARGE_BYTES), notes };
}
