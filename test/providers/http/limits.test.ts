/** A whole operation against a limited service, whichever way it counts: minutes of requests in scheduled time, then real ones. */
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startTenant, type Tenant } from "../../../emulator/testing.js";
import { type ClientSettings, closeAllPools } from "../../../providers/http/client.js";
import { Pace } from "../../../providers/http/pace.js";
import { fixedWindow, mostWithin, slidingWindow, tokens, tryOut } from "./_limitedService.js";
import { client } from "./service.js";

const WAYS = {
  "a bucket of tokens": (perSecond: number) => tokens(perSecond),
  "a sliding window": slidingWindow,
  "a fixed window": (perSecond: number) => fixedWindow(perSecond, 370),
};
const ways = Object.entries(WAYS).map(([name, limiter]) => ({ name, limiter }));
/** Seeds of what differs from run to run: latencies, late timers, the network. */
const seeds = fc.integer({ min: 1, max: 0x7fff_fffe });

/** Numbers from 0 up to `highest`, by the minimal standard generator (Park and Miller). */
function drawn(seed: number, highest: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 0x7fff_ffff;
    return (highest * state) / 0x7fff_ffff;
  };
}

it("the pace never lets more begin in a second than the limit, and bears 90 % of it, however late it is asked", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2_000 }), seeds, (perSecond, seed) => {
      const pace = new Pace();
      pace.limit(0.94 * perSecond);
      const lateMs = drawn(seed, 25);
      const begun: number[] = [];
      for (
        let nowMs = 0;
        nowMs < 5_000;
        nowMs = Math.max(nowMs, pace.nextMs() + (pace.nextMs() > nowMs ? lateMs() : 0))
      ) {
        if (pace.nextMs() > nowMs) continue;
        begun.push(nowMs);
        pace.begin(nowMs);
      }
      expect(mostWithin(begun, 1_000)).toBeLessThanOrEqual(perSecond);
      expect(begun.length).toBeGreaterThanOrEqual(Math.floor(0.9 * 5 * perSecond));
    }),
    { numRuns: 30 },
  );
});

describe.each(ways)("a service that counts by $name", ({ limiter }) => {
  it("never turns away a client that was told its limit, which uses 90 % of it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 5, max: 200 }), seeds, async (perSecond, seed) => {
        const requests = 10 * perSecond;
        const tried = await tryOut({
          ...{ limiter: limiter(perSecond), requests, requestsPerSecond: perSecond },
          ...{ latencyMs: drawn(seed, 30), latenessMs: drawn(seed, 10), jitterMs: drawn(seed, 15) },
        });
        expect(tried.turnedAwayMs).toEqual([]);
        expect(requests / tried.endedMs).toBeGreaterThanOrEqual((0.9 * perSecond) / 1_000);
      }),
      { numRuns: 4 },
    );
  });

  it.each([undefined, 1_000])(
    "turns a client away that knows no limit for its first second only, and bears 90 % afterwards (Retry-After %s)",
    async (retryAfterMs) => {
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 20, max: 200 }), seeds, async (perSecond, seed) => {
          const requests = 30 * perSecond;
          const tried = await tryOut({
            ...{ limiter: limiter(perSecond), requests, retryAfterMs },
            ...{ latencyMs: drawn(seed, 4), latenessMs: drawn(seed, 10), jitterMs: drawn(seed, 4) },
          });
          const [firstMs = 0] = tried.turnedAwayMs;
          expect(tried.turnedAwayMs.filter((ms) => ms > firstMs + 1_000)).toEqual([]);
          expect(tried.turnedAwayMs.length).toBeLessThanOrEqual(32);
          expect(tried.mostAttempts).toBeLessThanOrEqual(3);
          expect(requests / tried.endedMs).toBeGreaterThanOrEqual((0.9 * perSecond) / 1_000);
        }),
        { numRuns: 3 },
      );
    },
  );
});

it.each([8, 80])(
  "one silence follows Retry-After, though %i requests in flight are all turned away",
  async (concurrency) => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 60 }), seeds, async (seconds, seed) => {
        let openMs = Number.POSITIVE_INFINITY;
        const closed = (nowMs: number) => {
          if (openMs === Number.POSITIVE_INFINITY) openMs = nowMs + seconds * 1_000;
          return nowMs >= openMs;
        };
        const tried = await tryOut({
          ...{ limiter: closed, requests: 200, concurrency, retryAfterMs: seconds * 1_000 },
          ...{ latencyMs: drawn(seed, 300), jitterMs: drawn(seed, 5) },
        });
        expect(tried.turnedAwayMs).toHaveLength(concurrency);
        expect(tried.mostAttempts).toBe(2);
        const later = tried.begunMs.slice(concurrency);
        expect(Math.min(...later)).toBeGreaterThanOrEqual(openMs);
      }),
      { numRuns: 10 },
    );
  },
);

describe("the embedded tenant, limited to 100 requests a second", () => {
  const PER_SECOND = 100;
  const real = { now: () => Date.now(), sleep: (ms: number) => new Promise<void>((wake) => setTimeout(wake, ms)) };

  let tenant: Tenant;
  beforeAll(async () => {
    tenant = await startTenant();
  });
  afterEach(async () => {
    await closeAllPools();
    await tenant.reset();
  });
  afterAll(() => tenant.close());

  async function run(requests: number, retryAfterSeconds: number | undefined, told: Partial<ClientSettings>) {
    tenant.addFault({ service: "jwks-bucket", rateLimit: { requestsPerSecond: PER_SECOND, retryAfterSeconds } });
    const http = client(tenant.record.baikal.publishUrl, told, { clock: real });
    const call = { operation: "keyri list", method: "GET", path: "/none.json", answers: [404] } as const;
    const answers = await Promise.all(Array.from({ length: requests }, () => http.call(call)));
    return { answers, turnedAway: tenant.journal().filter(({ status }) => status === 429) };
  }

  it("never answers 429 to a client that was told so", async () => {
    const { answers, turnedAway } = await run(150, 1, { maxRequestsPerSecond: PER_SECOND });
    expect([answers.length, turnedAway.length]).toEqual([150, 0]);
  });

  it.each([undefined, 1])(
    "turns away what is under way of a client that wasn't, once (Retry-After %s)",
    async (after) => {
      const { answers, turnedAway } = await run(220, after, {});
      const [first] = turnedAway;
      const late = turnedAway.filter(({ at }) => Date.parse(at) > Date.parse(first?.at ?? "") + 1_000);
      expect(late).toEqual([]);
      expect(turnedAway.length).toBeLessThanOrEqual(16);
      expect(Math.max(...answers.map(({ attempts }) => attempts))).toBeLessThanOrEqual(2);
    },
  );
});
