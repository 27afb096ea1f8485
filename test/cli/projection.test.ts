/** What `authn rotation` says will come, held against what runs of the real lifecycle then do at those times. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type DeclaredPolicy, policyFaults } from "../../providers/baikal/ring/policy.js";
import { at, type HistoryEntry } from "../../providers/baikal/ring/ring.js";
import { projectionOf } from "../../src/cli/ring/projection.js";
import { savedRing } from "../../src/cli/ring/saved-ring.js";
import { Bench, HOUR_MS, declared as plainly, stateOf } from "../providers/baikal/lifecycle/_hosted.js";
import type { EngineModel } from "../support/engineModel.js";

/** The ring as the command reads it of the saved state. */
function savedIn(engine: EngineModel) {
  const { inputs = {}, outputs = {} } = engine.kept ?? {};
  const saved = savedRing("clients/billing", { inputs, outputs });
  if (saved === undefined) throw new Error("The ring can't be read");
  return saved;
}

/** Entries in an order of their own, with the keys to come by their number: what is made when is what counts. */
function comparable(entries: readonly HistoryEntry[], known: ReadonlySet<string>): readonly string[] {
  const made = [...new Set(entries.flatMap(({ kid }) => (kid === undefined || known.has(kid) ? [] : [kid])))];
  const nameOf = (kid = "") => (known.has(kid) ? kid : `next-${made.indexOf(kid) + 1}`);
  return entries.map(({ at: time, event, kid }) => `${time} ${event} ${nameOf(kid)}`).toSorted();
}

const span = (hours: { min: number; max: number }) => fc.integer(hours).map((count) => `${count}h`);
const policies: fc.Arbitrary<DeclaredPolicy> = fc
  .record(
    {
      period: span({ min: 3, max: 200 }),
      verifierCache: fc.integer({ min: 0, max: 90 }).map((minutes) => `${minutes}m`),
      publisherCache: fc.integer({ min: 0, max: 30 }).map((minutes) => `${minutes}m`),
      tokenLife: span({ min: 0, max: 12 }),
      rollout: span({ min: 0, max: 6 }),
      lead: span({ min: 2, max: 20 }),
    },
    { requiredKeys: ["period"] },
  )
  .filter((policy) => policyFaults(policy).length === 0);
const windows = fc.option(
  fc.record({
    cron: fc.constantFrom("0 9 * * 1-4", "30 22 * * *", "0 */6 * * *"),
    timeZone: fc.constantFrom("UTC", "Europe/Berlin", "America/New_York"),
    duration: fc.constantFrom("1h", "30m", "3h"),
  }),
  { nil: undefined },
);

describe("a projection", () => {
  test("is what `up` then does, run at each of its times, whatever the policy and however late the first run is", async () => {
    await fc.assert(
      fc.asyncProperty(policies, windows, fc.integer({ min: 0, max: 600 }), async (policy, window, lateHours) => {
        const bench = new Bench();
        try {
          const engine = bench.engine();
          const declared = { ...plainly, ...policy, ...(window === undefined ? {} : { window }) };
          expect(await engine.up(declared), engine.error).toBe("created");
          bench.nowMs += lateHours * HOUR_MS;
          const { ring, intent } = savedIn(engine);
          const untilMs = bench.nowMs + 3 * intent.policy.periodMs;
          const { steps, entries } = projectionOf(ring, intent, bench.nowMs, untilMs);
          for (const atMs of new Set(steps.map(({ atMs }) => atMs))) {
            bench.nowMs = atMs;
            expect(await engine.up(declared), engine.error).toBe("updated");
          }
          const done = stateOf(engine).history.filter(
            ({ at: time }) => !ring.history.some((known) => known.at === time),
          );
          const known = new Set(ring.keys.map(({ kid }) => kid));
          expect(comparable(done, known)).toEqual(comparable(entries, known));
          // Nothing that was not foretold: between two times, a run finds nothing to do.
          expect(await engine.up(declared), engine.error).toBe("unchanged");
          expect(done.every(({ at: time }) => at(time) <= untilMs)).toBe(true);
        } finally {
          bench.close();
        }
      }),
      { numRuns: 25 },
    );
  }, 60_000);
});
