/** Whether the RSA keys of rings hold up other resources of the same provider process: keys made beside rings of either type. */
import { z } from "zod";
import { median } from "./figures.mjs";
import { startChild } from "./processes/child.mjs";
import { withSetting } from "./setting.mjs";

const measuredSchema = z.object({
  wallSeconds: z.number(),
  pauseP99Ms: z.number(),
  pauseMaxMs: z.number(),
  keyMs: z.array(z.number()),
});

/** @typedef {(typeof besides)[number]} Beside `blocking`: one RSA key each, made in the event loop's own thread */
/**
 * @typedef {object} BesideRow
 * @property {Beside} beside
 * @property {number} count keys that were made, and rings beside them
 * @property {number} wallSeconds
 * @property {number} pauseP99Ms how long the provider's event loop stood still, at most, in 99 of 100 looks at it
 * @property {number} pauseMaxMs
 * @property {number | undefined} keyMedianMs
 * @property {number} keyMaxMs
 */
/** @typedef {{ rows: readonly BesideRow[], notes: readonly string[] }} BesideRun */

export const besides = /** @type {const} */ (["nothing", "ES256", "RS256", "blocking"]);
/** Enough to see it: each of them holds up everything. */
const BLOCKING_COUNT = 20;

/** @param {import("./setting.mjs").Surroundings} surroundings @param {number} count @returns {Promise<BesideRun>} */
export async function measureBesideRings(surroundings, count) {
  /** @type {BesideRow[]} */
  const rows = [];
  /** @type {string[]} */
  const notes = [];
  for (const beside of besides) {
    surroundings.report(`KeyriPublicKey beside BaikalClientKeys: ${beside}`);
    try {
      const each = beside === "blocking" ? Math.min(count, BLOCKING_COUNT) : count;
      rows.push({ beside, count: each, ...(await measure(surroundings, beside, each)) });
    } catch (error) {
      notes.push(`beside ${beside} failed: ${error}`);
    }
  }
  return { rows, notes };
}

/** @param {import("./setting.mjs").Surroundings} surroundings @param {Beside} beside @param {number} count */
function measure(surroundings, beside, count) {
  const wanted = { resource: /** @type {const} */ ("KeyriPublicKey"), users: count, skipCheckpoints: false };
  return withSetting(surroundings, wanted, async ({ tenant, projectFolder, environment, parallel }) => {
    const script = new URL("children/beside-rings.mjs", import.meta.url);
    const child = startChild(script, { cwd: projectFolder, environment: { ...environment, AUTHN_HOME: tenant.home } });
    try {
      const { keyMs, ...measured } = await child.ask("measure", { beside, count, parallel }, measuredSchema);
      return { ...measured, keyMedianMs: median(keyMs), keyMaxMs: Math.max(...keyMs) };
    } finally {
      await child.end();
    }
  });
}
