/** How near users are made to the rate that a busy agent allows: 3 s an image, 5 at once, as a real one on two CPUs. */
import { runOnEngine } from "./engine-run.mjs";
import { withSetting } from "./setting.mjs";

/** @typedef {{ users: number, latencyMs: number, concurrency: number, figures: import("./figures.mjs").Figures | undefined, notes: readonly string[] }} AgentRun */

const LATENCY_MS = 3_000;
const CONCURRENCY = 5;

/** @param {import("./setting.mjs").Surroundings} surroundings @param {number} users @returns {Promise<AgentRun>} */
export async function measureAgent(surroundings, users) {
  const wanted = {
    resource: /** @type {const} */ ("KeylessUser"),
    users,
    skipCheckpoints: false,
    tenantOptions: { keyless: { agentLatencyMs: LATENCY_MS, agentConcurrency: CONCURRENCY } },
    settings: { "keyless:agentConcurrency": String(CONCURRENCY) },
  };
  const { rows, notes } = await withSetting(surroundings, wanted, (setting) =>
    runOnEngine("authn", ["create"], setting),
  );
  return { users, latencyMs: LATENCY_MS, concurrency: CONCURRENCY, figures: rows[0]?.figures, notes };
}
