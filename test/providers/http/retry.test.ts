import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Attempted,
  BASE_BACKOFF_MS,
  MAX_TOTAL_WAIT_MS,
  nextAttempt,
  RULES,
  retryAfterMs,
  type Trouble,
} from "../../../providers/http/retry.js";

const first: Attempted = {
  trouble: "lost",
  attempts: 1,
  waitedMs: 0,
  repeatable: true,
  retryAfterMs: undefined,
  fraction: 0.5,
};
const troubles: readonly Trouble[] = [
  "unreachable",
  "connect-timed-out",
  "unusable",
  "throttled",
  "unavailable",
  "lost",
  "timed-out",
];

describe("the retry table", () => {
  it("repeats a call that isn't repeatable only where it certainly wasn't processed", () => {
    fc.assert(
      fc.property(fc.constantFrom(...troubles), (trouble) => {
        const repeated = nextAttempt({ ...first, trouble, repeatable: false }) !== undefined;
        expect(repeated && RULES[trouble].outcome !== "not-processed").toBe(false);
      }),
    );
    expect(nextAttempt({ ...first, trouble: "throttled", repeatable: false })).toBeDefined();
    expect(nextAttempt({ ...first, trouble: "connect-timed-out", repeatable: false })).toBeDefined();
  });

  it("ends, in bounded time, whatever the service says", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...troubles),
        fc.option(fc.double({ min: 0, max: 1e12, noNaN: true }), { nil: undefined }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (trouble, wait, fraction) => {
          let waitedMs = 0;
          let attempts = 1;
          for (; attempts < 100; attempts += 1) {
            const next = nextAttempt({ ...first, trouble, attempts, waitedMs, retryAfterMs: wait, fraction });
            if (next === undefined) break;
            waitedMs += next.waitMs;
          }
          expect(attempts).toBeLessThanOrEqual(RULES[trouble].attempts);
          expect(waitedMs).toBeLessThanOrEqual(MAX_TOTAL_WAIT_MS);
        },
      ),
    );
  });

  it("doubles the back-off's ceiling, and draws from all of it", () => {
    const waits = [1, 2, 3].map((attempts) => nextAttempt({ ...first, attempts, fraction: 1 })?.waitMs);
    expect(waits).toEqual([BASE_BACKOFF_MS, 2 * BASE_BACKOFF_MS, 4 * BASE_BACKOFF_MS]);
    expect(nextAttempt({ ...first, fraction: 0 })?.waitMs).toBe(0);
  });
});

describe("Retry-After", () => {
  const now = Date.parse("1994-11-06T08:49:30Z");
  const read = (value: string, date?: string) =>
    retryAfterMs({ "retry-after": value, ...(date === undefined ? {} : { date }) }, now);

  it("is read as seconds and as each form of an HTTP date", () => {
    expect(read("120")).toBe(120_000);
    expect(read("Sun, 06 Nov 1994 08:49:37 GMT")).toBe(7_000);
    expect(read("Sunday, 06-Nov-94 08:49:37 GMT")).toBe(7_000);
    expect(read("Sun Nov  6 08:49:37 1994")).toBe(7_000);
  });

  it("is measured by the service's own clock where the answer tells it", () => {
    expect(read("Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:36 GMT")).toBe(1_000);
  });

  it("asks for no wait where its date has passed", () => {
    expect(read("Sun, 06 Nov 1994 08:00:00 GMT")).toBe(0);
  });

  it.each(["", "soon", "-1", "1.5", "1e3", "Later", "2024"])("is as good as absent when it says %j", (value) => {
    const expected = value === "2024" ? 2_024_000 : undefined;
    expect(read(value)).toBe(expected);
  });
});
