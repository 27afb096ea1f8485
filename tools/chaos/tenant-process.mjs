// The embedded tenant of a round in a process of its own, so that it outlives whoever is killed, and can be killed itself; with the record
// that a provider finds it by, as `authn` leaves it.
import { setTimeout as wait } from "node:timers/promises";
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
const LOOK_EVERY_MS = 1;
/** Ends the present flakiness. */
let calm = new AbortController();

/**
 * Of the requests that come, as large a share is answered 503: each answer is followed by a toss for the next.
 * @param {number} share @param {string} seed @param {AbortSignal} stop
 */
async function beFlaky(share, seed, stop) {
  const random = randomFrom(seed);
  let [answered] = running().journal().slice(-1);
  while (!stop.aborted) {
    const news = running().journal(answered?.sequence ?? 0);
    answered = news.at(-1) ?? answered;
    const hits = news.filter(() => random.fraction() < share).length;
    if (hits > 0) running().addFault({ status: 503, times: hits });
    await wait(LOOK_EVERY_MS);
  }
  running().clearFaults();
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
  clearFaults() {
    calm.abort();
    running().clearFaults();
  },
  flaky({ share, seed }) {
    calm = new AbortController();
    void beFlaky(share, seed, calm.signal);
    return null;
  },
});
process.once("disconnect", () => {
  calm.abort();
  void tenant?.close();
});
