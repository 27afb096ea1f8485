/** Windows, in which alone something is promoted: cron with a time zone, by the calendar of that zone. */
import { describe, expect, it } from "vitest";
import { policyOf } from "../../../../providers/baikal/ring/policy.js";
import { opensAt, slotAfter, windowFault } from "../../../../providers/baikal/ring/slots.js";

const opens = (window: Parameters<typeof opensAt>[0], from: string) => {
  const ms = opensAt(window, Date.parse(from));
  return Number.isFinite(ms) ? new Date(ms).toISOString() : "never";
};

describe("a window", () => {
  const working = { cron: "0 9 * * 1-4", duration: "2h" };

  it("lets pass what is due within it, to its last millisecond", () => {
    expect(opens(working, "2026-01-05T09:00:00.000Z")).toBe("2026-01-05T09:00:00.000Z");
    expect(opens(working, "2026-01-05T10:59:59.999Z")).toBe("2026-01-05T10:59:59.999Z");
    expect(opens(working, "2026-01-05T11:00:00.000Z")).toBe("2026-01-06T09:00:00.000Z");
  });

  it("holds a Thursday evening's step back until Monday", () => {
    expect(opens(working, "2026-01-08T12:00:00.000Z")).toBe("2026-01-12T09:00:00.000Z");
  });

  it("goes by the clock on the wall of its zone, in summer and in winter", () => {
    const berlin = { ...working, timeZone: "Europe/Berlin" };
    expect(opens(berlin, "2026-03-27T12:00:00.000Z")).toBe("2026-03-30T07:00:00.000Z");
    expect(opens(berlin, "2026-10-23T12:00:00.000Z")).toBe("2026-10-26T08:00:00.000Z");
  });

  it("is refused where it names no instant, no zone or no cron", () => {
    expect(windowFault({ cron: "0 0 30 2 *" })?.property).toBe("window.cron");
    expect(windowFault({ cron: "every day" })?.property).toBe("window.cron");
    expect(windowFault({ cron: "0 9 * * *", timeZone: "Mars/Olympus" })?.property).toBe("window.timeZone");
    expect(windowFault(working)).toBeUndefined();
  });
});

it("slots begin at the epoch, and one ends where the next begins", () => {
  const ring = { anchoredAt: "2026-01-01T00:00:00.000Z" };
  const after = (time: string) => new Date(slotAfter(ring, policyOf({ period: "7d" }), Date.parse(time))).toISOString();
  expect(after("2026-01-07T23:59:59.999Z")).toBe("2026-01-08T00:00:00.000Z");
  expect(after("2026-01-08T00:00:00.000Z")).toBe("2026-01-15T00:00:00.000Z");
  // A key that signed before the epoch was set.
  expect(after("2025-12-30T00:00:00.000Z")).toBe("2026-01-01T00:00:00.000Z");
});
