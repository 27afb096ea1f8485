/**
 * The promise of a ring, in any order of runs and mishaps: no token that is signed with the active key is refused within its life
 * by any verifier that caches for the declared time at most (tokens of revoked keys apart, and what was announced).
 *
 * Clocks of runs, applications, verifiers and the place differ by the declared skew at most, or by so much more that the place's
 * Date shows it. A move takes effect for verifiers when the document first stands at the new place.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Declaration, Rotation } from "./_rotation.js";
import type { Circumstances, Fault, Showing } from "./_world.js";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** The least that the whole file plays, over all cases. */
const RUNS = 10_000;
/** Of some thirty runs each. */
const CASES = 420;
/** The same for everybody, so that a change is judged by itself; any other finds other orders: AUTHN_TEST_SEED. */
const SEED = Number(process.env["AUTHN_TEST_SEED"] ?? 20_261_122);

const seconds = (ms: number) => `${Math.round(ms / 1_000)}s`;
const among = <T>(...values: readonly T[]) => fc.constantFrom(...values);
const minutes = (...values: readonly number[]) => among(...values.map((value) => value * MINUTE_MS));

/** Times within the arithmetic: what check takes. */
function timesOf(skewMs: number) {
  return fc
    .record({
      verifierCacheMs: minutes(6, 15, 60),
      publisherCacheMs: minutes(0, 5, 30),
      tokenLifeMs: minutes(5, 60, 240),
      clockSkewMs: among(skewMs, skewMs * 2),
      rolloutMs: minutes(0, 0, 30),
      marginMs: among(1_000, 10 * MINUTE_MS, DAY_MS, 7 * DAY_MS),
    })
    .map(({ verifierCacheMs, publisherCacheMs, tokenLifeMs, clockSkewMs, rolloutMs, marginMs }) => {
      const cachesMs = verifierCacheMs + publisherCacheMs;
      const overlapMs = cachesMs + Math.max(cachesMs, clockSkewMs) + 2 * clockSkewMs;
      return {
        verifierCache: seconds(verifierCacheMs),
        publisherCache: seconds(publisherCacheMs),
        tokenLife: seconds(tokenLifeMs),
        clockSkew: seconds(clockSkewMs),
        rollout: seconds(rolloutMs),
        period: seconds(overlapMs + tokenLifeMs + rolloutMs + marginMs),
      };
    });
}

const STATES = ["active", "prepared", "retiring"] as const;

function changeOf(skewMs: number) {
  return fc.oneof(
    { weight: 12, arbitrary: fc.constant({ change: "none" as const }) },
    { weight: 2, arbitrary: fc.record({ change: fc.constant("edit" as const), times: timesOf(skewMs) }) },
    { weight: 2, arbitrary: fc.record({ change: fc.constant("revoke" as const), which: among(...STATES) }) },
    { weight: 2, arbitrary: fc.record({ change: fc.constant("pin" as const), which: among(...STATES) }) },
    { weight: 2, arbitrary: fc.constant({ change: "unpin" as const }) },
    { weight: 1, arbitrary: fc.record({ change: fc.constant("move" as const), place: fc.nat(2) }) },
    { weight: 1, arbitrary: fc.constant({ change: "window" as const }) },
  );
}

/** How long before a run, seen from the step that comes next. */
const wait = fc.oneof(
  { weight: 5, arbitrary: fc.constant({ until: "the next step" as const }) },
  { weight: 2, arbitrary: fc.record({ until: fc.constant("before it" as const), ms: among(1, 1_000, MINUTE_MS) }) },
  { weight: 3, arbitrary: fc.record({ until: fc.constant("later" as const), ms: fc.nat(3 * 60 * MINUTE_MS) }) },
  { weight: 1, arbitrary: fc.record({ until: fc.constant("later" as const), ms: fc.nat(40 * DAY_MS) }) },
);

function circumstancesOf(skewMs: number): fc.Arbitrary<Circumstances> {
  const beyondMs = 2 * skewMs + 4_000;
  return fc
    .record({
      offsetMs: fc.oneof(
        { weight: 4, arbitrary: among(0, skewMs) },
        { weight: 4, arbitrary: fc.nat(skewMs) },
        {
          weight: 1,
          arbitrary: among(-1, 1).chain((sign) =>
            among(0, 60 * MINUTE_MS, DAY_MS, 30 * DAY_MS).map((ms) => sign * (beyondMs + ms)),
          ),
        },
      ),
      callMs: among(0, 10, 3_000),
      fault: among<Fault>("none", "none", "none", "none", "none", "read", "write", "lost write", "live", "grant"),
      killedAt: fc.oneof(
        { weight: 5, arbitrary: fc.constant(undefined) },
        { weight: 1, arbitrary: fc.integer({ min: 1, max: 14 }) },
      ),
      age: among(0, 0.5, 1),
    })
    .filter((one) => isTellable(one, skewMs));
}

/** A clock that is wrong shows by the live document's Date: without it, nobody could tell. */
function isTellable({ offsetMs, fault }: Circumstances, skewMs: number): boolean {
  return fault !== "live" || (offsetMs >= 0 && offsetMs <= skewMs);
}

function stepOf(skewMs: number) {
  return fc.record({
    change: changeOf(skewMs),
    wait,
    circumstances: circumstancesOf(skewMs),
    /** A second run at once, and in which order their calls come. */
    second: fc.option(
      fc.record({
        circumstances: circumstancesOf(skewMs),
        order: fc.array(fc.nat(1), { minLength: 1, maxLength: 20 }),
        isLastKept: fc.boolean(),
      }),
      { freq: 8 },
    ),
    refresh: fc.boolean(),
  });
}

const caseOf = among(0, MINUTE_MS, 5 * MINUTE_MS).chain((skewMs) =>
  fc.record({
    skewMs: fc.constant(skewMs),
    serverOffsetMs: fc.nat(skewMs),
    showing: among<Showing>("versions", "versions", "no versions", "nothing"),
    times: timesOf(skewMs),
    onFailedProof: among("fail" as const, "warn" as const),
    grant: fc.boolean(),
    steps: fc.array(stepOf(skewMs), { minLength: 1, maxLength: 40, size: "max" }),
  }),
);
type Case = typeof caseOf extends fc.Arbitrary<infer T> ? T : never;
type Step = Case["steps"][number];

const WINDOW = { cron: "0 9 * * 1-4", duration: "2h" };

function changed(rotation: Rotation, { change }: Step): Declaration {
  const { declaration, state } = rotation;
  const kidOf = (which: string) => state?.keys.findLast((key) => key.state === which && key.foreign !== true)?.kid;
  const { pinned, window, ...rest } = declaration;
  switch (change.change) {
    case "edit":
      return { ...declaration, ...change.times };
    case "revoke": {
      const kid = kidOf(change.which);
      if (kid === undefined) return declaration;
      rotation.revoked.add(kid);
      const { pinned: _, ...unpinned } = declaration;
      return { ...(pinned === kid ? unpinned : declaration), revoked: [...rotation.revoked] };
    }
    case "pin": {
      const kid = kidOf(change.which);
      return kid === undefined || rotation.revoked.has(kid) ? declaration : { ...declaration, pinned: kid };
    }
    case "unpin":
      return { ...rest, ...(window === undefined ? {} : { window }) };
    case "move":
      return { ...declaration, publish: { file: `jwks-${change.place}.json` } };
    case "window":
      return window === undefined
        ? { ...declaration, window: WINDOW }
        : { ...rest, ...(pinned === undefined ? {} : { pinned }) };
    default:
      return declaration;
  }
}

/** @param offsetMs of the clock of the run that comes */
function passed(rotation: Rotation, { wait: waits }: Pick<Step, "wait">, offsetMs: number): void {
  const { world, state } = rotation;
  const nextMs = state?.nextStepAt === undefined ? world.nowMs : Date.parse(state.nextStepAt) - Math.max(0, offsetMs);
  const aimMs =
    waits.until === "the next step" ? nextMs : waits.until === "before it" ? nextMs - waits.ms : world.nowMs + waits.ms;
  world.nowMs = Math.max(world.nowMs, aimMs);
}

async function play({ skewMs, serverOffsetMs, showing, times, onFailedProof, grant, steps }: Case): Promise<number> {
  const declaration: Declaration = {
    algorithm: "ES256",
    ...times,
    onFailedProof,
    publish: { file: "jwks-0.json" },
    ...(grant ? { verify: { grant: { sub: "subject" } } } : {}),
  };
  const rotation = new Rotation(declaration, skewMs, showing, serverOffsetMs);
  let runs = 0;
  for (const step of steps) {
    rotation.declaration = changed(rotation, step);
    passed(rotation, step, step.circumstances.offsetMs);
    if (step.refresh) await rotation.refresh(step.circumstances);
    // Two writers at once are told apart only where the place compares, and as one ring only once it is made: two that begin at once,
    // each by a stack that knows nothing of the other's, are kept apart by the engine's lock.
    if (step.second !== null && showing === "versions" && rotation.kept !== undefined) {
      const both = [step.circumstances, step.second.circumstances].map((one) => ({ ...one, killedAt: undefined }));
      const [one, other] = both;
      if (one === undefined || other === undefined) throw new Error("there are two");
      await rotation.runTwice([one, other], step.second.order, step.second.isLastKept);
      runs += 2;
    } else {
      await rotation.run(step.circumstances);
      runs += 1;
    }
  }
  runs += await settle(rotation, skewMs);
  expect(rotation.refusals()).toEqual([]);
  return runs;
}

/** Undisturbed runs: all that retired goes, and the ring turns on. */
async function settle(rotation: Rotation, skewMs: number): Promise<number> {
  const calm: Circumstances = { offsetMs: skewMs, callMs: 10, fault: "none", killedAt: undefined, age: 0 };
  const { pinned: _, window: __, ...declaration } = rotation.declaration;
  rotation.declaration = declaration;
  let runs = 0;
  const once = async () => {
    passed(rotation, { wait: { until: "the next step" } }, skewMs);
    rotation.world.nowMs += MINUTE_MS;
    const done = await rotation.run(calm);
    expect(done, rotation.error).not.toBe("failed");
    runs += 1;
  };
  await once();
  const before = rotation.state;
  const isTurned = () => rotation.state?.activeKid !== before?.activeKid;
  const retired = new Set(before?.keys.filter(({ state }) => state === "retiring").map(({ kid }) => kid));
  const isGone = () => rotation.state?.keys.every(({ kid }) => !retired.has(kid)) === true;
  while (runs < 30 && !(isTurned() && isGone())) await once();
  // A revocation waits for no clock, and one that went ahead by a month makes what it wrote down last as much longer.
  if (!isGone()) rotation.world.nowMs += 31 * DAY_MS;
  while (runs < 34 && !isGone()) await once();
  expect({ isTurned: isTurned(), isGone: isGone() }).toEqual({ isTurned: true, isGone: true });
  // By what is new: a wrong clock may have written down a time to come.
  const known = new Set(before?.history.map((entry) => JSON.stringify(entry)));
  const added = rotation.state?.history.filter((entry) => !known.has(JSON.stringify(entry)));
  const failures = added?.filter(({ event }) => event === "proof failed");
  expect(failures).toEqual([]);
  return runs;
}

describe("a ring", () => {
  it("has no token refused, in any order of runs, faults, edits and clocks", async () => {
    let runs = 0;
    const promise = fc.asyncProperty(caseOf, async (one) => {
      runs += await play(one);
    });
    await fc.assert(promise, { numRuns: CASES, seed: SEED });
    expect(runs).toBeGreaterThanOrEqual(RUNS);
  }, 600_000);
});
