// The embedded tenant of a round in a process of its own, so that it outlives whoever is killed, and can be killed itself; with the record
// that a provider finds it by, as `authn` leaves it.
import { serve } from "../../bench/processes/child.mjs";
import { startTenant } from "../../dist/emulator/testing.js";
import { recordOf } from "../../dist/src/cli/tenant/embedded.js";
import { standingRecord } from "../../dist/src/cli/tenant/standing-record.js";
import { randomFrom } from "./random.mjs";

/** @type {import("../../dist/emulator/testing.js").Tenant | undefined} */
let tenant;
const running = () => {
  if (tenant === undefined) throw new Error("the tenant has not been started");
  return tenant;
};
/** More than any run asks. */
const REQUESTS = 10_000;

/**
 * Of the requests that come, as large a share is answered 503, by chance: faults are met in their order, and one that delays by nothing
 * lets its requests pass.
 * @param {number} share @param {string} seed
 */
function beFlaky(share, seed) {
  const random = randomFrom(seed);
  let passing = 0;
  for (let request = 0; request < REQUESTS; request += 1) {
    if (random.fraction() >= share) {
      passing += 1;
      continue;
    }
    if (passing > 0) running().addFault({ delayMs: 0, times: passing });
    running().addFault({ status: 503 });
    passing = 0;
  }
}

serve({
  async start({ recordFile, storeDirectory }) {
    const record = standingRecord(recordFile, process.pid);
    // Not cached: a ring made anew is to be proven at once.
    const baikal = { jwksCacheSeconds: 0 };
    tenant = await startTenant({ storeDirectory, baikal, clockChanged: record.clockChanged });
    record.put(recordOf(tenant, process.pid, Date.now()));
    return null;
  },
  advanceClock: (ms) => running().setClock({ advanceMs: ms }).offsetMs,
  journal: () => running().journal(),
  clearJournal: () => running().clearJournal(),
  addFault: (fault) => running().addFault(fault),
  clearFaults: () => running().clearFaults(),
  flaky: ({ share, seed }) => beFlaky(share, seed),
});
process.once("disconnect", () => void tenant?.close());
