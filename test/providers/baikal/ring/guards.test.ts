/** When each step of a ring may be made, to the millisecond, by times computed by hand. */
import { describe, expect, it } from "vitest";
import { governed, overlapOf } from "../../../../providers/baikal/ring/overlap.js";
import { dueOf, type Intent, planOf } from "../../../../providers/baikal/ring/plan.js";
import { type DeclaredPolicy, policyFaults, policyOf } from "../../../../providers/baikal/ring/policy.js";
import { activeKey, MOST_KEYS, type Ring } from "../../../../providers/baikal/ring/ring.js";
import * as transition from "../../../../providers/baikal/ring/transitions.js";
import { fakeKey } from "./_world.js";

const START_MS = Date.parse("2026-01-05T00:00:00Z");
const at = (time: string) => Date.parse(`2026-01-${time}Z`);
/** Lead 15m + 5m + 1m = 21m; retirement 1h + 21m + 10m = 1h 31m. */
const DECLARED: DeclaredPolicy = { period: "1d", verifierCache: "15m", publisherCache: "5m", rollout: "10m" };
const policy = policyOf(DECLARED);
const intentOf = (more: Partial<Intent> = {}): Intent => ({ policy, revoked: [], provesByGrant: false, ...more });
const intent = intentOf();
const [first, second, third] = [fakeKey(1), fakeKey(2), fakeKey(3)];
const LAST_MS = 1;

function begun(): Ring {
  const begin = { anchoredAtMs: START_MS, nowMs: START_MS, imported: false, overlap: policy };
  return transition.published(transition.prepared(transition.createdRing(first, begin), second, START_MS), START_MS);
}

/** Both keys were found live five minutes after. */
function watched(): Ring {
  return transition.seen(begun(), new Set([first.kid, second.kid]), at("05T00:05:00"));
}

function turned(): Ring {
  const promoted = transition.promoted(watched(), second.kid, policy, at("06T00:00:00"));
  return transition.prepared(promoted, third, at("06T00:00:00"));
}

const stepsAt = (ring: Ring, nowMs: number, wanted = intent) => dueOf(ring, wanted, nowMs).map(({ step }) => step);
const planned = (ring: Ring, step: string, nowMs: number, wanted = intent) =>
  planOf(ring, wanted, nowMs).find((one) => one.step === step)?.atMs;

describe("a standby", () => {
  it("is looked for until it was found, and has no promotion in sight before", () => {
    expect(stepsAt(begun(), at("20T00:00:00"))).toEqual(["observe"]);
    expect(planned(begun(), "promote", at("20T00:00:00"))).toBeUndefined();
    expect(() => transition.promoted(begun(), second.kid, policy, at("20T00:00:00"))).toThrow("whole lead");
  });

  it("that the live document lacks isn't taken for seen because the active key is there", () => {
    const half = transition.seen(begun(), new Set([first.kid]), at("05T00:05:00"));
    expect(stepsAt(half, at("20T00:00:00"))).toEqual(["observe"]);
  });

  it("is promoted at the next slot, and not a millisecond before", () => {
    expect(stepsAt(watched(), at("06T00:00:00") - LAST_MS)).toEqual([]);
    expect(stepsAt(watched(), at("06T00:00:00"))).toEqual(["promote"]);
  });

  it("is promoted after the whole lead since it was found, however late the slot is", () => {
    const late = transition.seen(begun(), new Set([first.kid, second.kid]), at("05T23:50:00"));
    expect(planned(late, "promote", at("06T00:00:00"))).toBe(at("06T00:11:00"));
    expect(() => transition.promoted(late, second.kid, policy, at("06T00:11:00") - LAST_MS)).toThrow("lead");
    expect(activeKey(transition.promoted(late, second.kid, policy, at("06T00:11:00"))).kid).toBe(second.kid);
  });

  it("waits for the slot after a late promotion at that slot's own time: nothing drifts", () => {
    const late = transition.promoted(watched(), second.kid, policy, at("08T17:23:00"));
    const next = transition.published(transition.prepared(late, third, at("08T17:23:00")), at("08T17:23:00"));
    const known = transition.seen(next, new Set([third.kid]), at("08T17:23:00"));
    expect(planned(known, "promote", at("08T17:23:00"))).toBe(at("09T00:00:00"));
  });

  it("keeps its whole lead after a promotion just before a slot", () => {
    const late = transition.promoted(watched(), second.kid, policy, at("08T23:59:00"));
    const next = transition.published(transition.prepared(late, third, at("08T23:59:00")), at("08T23:59:00"));
    const known = transition.seen(next, new Set([third.kid]), at("08T23:59:00"));
    expect(planned(known, "promote", at("09T00:00:00"))).toBe(at("09T00:20:00"));
  });

  it("begins its lead anew once the document was found without it", () => {
    const missed = transition.missed(watched(), new Set([first.kid]));
    expect(stepsAt(missed, at("06T00:00:00"))).toEqual(["publish"]);
    const again = transition.seen(
      transition.published(missed, at("06T00:00:00")),
      new Set([second.kid]),
      at("06T00:00:00"),
    );
    expect(planned(again, "promote", at("06T00:00:00"))).toBe(at("06T00:21:00"));
  });

  it("isn't promoted while another key is pinned, and is at once after its lead where it is the pinned one", () => {
    expect(stepsAt(watched(), at("09T00:00:00"), intentOf({ pinned: first.kid }))).toEqual([]);
    expect(planned(watched(), "promote", at("05T00:06:00"), intentOf({ pinned: second.kid }))).toBe(at("05T00:26:00"));
  });

  it("isn't promoted in a full ring before its oldest key has left", () => {
    const strangers = Array.from({ length: MOST_KEYS - 2 }, (_, index) => fakeKey(10 + index));
    const full = transition.kept(watched(), strangers, policy, at("05T23:00:00"));
    expect(stepsAt(full, at("06T00:00:00"))).toEqual([]);
    // 23:00 + 1h 31m.
    expect(stepsAt(full, at("06T00:31:00"))).toEqual(strangers.map(() => "remove"));
    const less = transition.removed(full, fakeKey(10).kid, at("06T00:31:00"));
    expect(stepsAt(less, at("06T00:31:00"))).toContain("promote");
  });
});

describe("a key that retired", () => {
  it("leaves after the whole retirement, and not a millisecond before", () => {
    const before = at("06T01:31:00") - LAST_MS;
    expect(stepsAt(turned(), before)).not.toContain("remove");
    expect(() => transition.removed(turned(), first.kid, before)).toThrow("whole time");
    expect(stepsAt(turned(), at("06T01:31:00"))).toContain("remove");
    expect(transition.removed(turned(), first.kid, at("06T01:31:00")).former).toEqual([first.kid]);
  });

  it("signs again at once where it is pinned, and the one after it retires from then on", () => {
    expect(stepsAt(turned(), at("06T00:30:00"), intentOf({ pinned: first.kid }))).toContain("roll back");
    const back = transition.rolledBack(turned(), first.kid, policy, at("06T00:30:00"));
    expect(activeKey(back).kid).toBe(first.kid);
    expect(back.keys.find(({ kid }) => kid === second.kid)?.removeAt).toBe("2026-01-06T02:01:00.000Z");
  });

  it("can't sign again once a run may be taking it out: that is a clock's skew before it leaves", () => {
    const pinned = intentOf({ pinned: first.kid });
    expect(stepsAt(turned(), at("06T01:30:00") - LAST_MS, pinned)).toContain("roll back");
    expect(stepsAt(turned(), at("06T01:30:00"), pinned)).not.toContain("roll back");
  });

  it("can't sign again where the document was found without it, until verifiers know it again", () => {
    const missed = transition.missed(turned(), new Set([second.kid, third.kid]));
    expect(stepsAt(missed, at("06T00:30:00"), intentOf({ pinned: first.kid }))).not.toContain("roll back");
    expect(() => transition.rolledBack(missed, first.kid, policy, at("06T00:30:00"))).toThrow("whole lead");
  });

  it("stays longer where tokens live longer from now on", () => {
    const longer = governed(turned(), policyOf({ ...DECLARED, tokenLife: "3h" }), at("06T01:00:00"));
    expect(longer.keys.find(({ kid }) => kid === first.kid)?.removeAt).toBe("2026-01-06T03:31:00.000Z");
  });
});

describe("a revocation", () => {
  it("of the active key lets the standby sign at once, and says until when that may cost something", () => {
    const early = transition.revoked(watched(), first.kid, policy, undefined, at("05T00:10:00"));
    expect(activeKey(early).kid).toBe(second.kid);
    expect(early.history.at(-1)).toMatchObject({ event: "promoted at once", kid: second.kid });
    expect(early.history.at(-1)?.note).toContain("until 2026-01-05T00:26:00.000Z");
  });

  it("costs nothing once every verifier knows the standby", () => {
    const late = transition.revoked(watched(), first.kid, policy, undefined, at("05T00:26:00"));
    expect(late.history.at(-1)?.note).toBeUndefined();
  });

  it("of every key makes a new one that signs, and of none leaves the ring without an active key", () => {
    const alone = transition.revoked(watched(), second.kid, policy, undefined, at("05T00:30:00"));
    expect(() => transition.revoked(alone, first.kid, policy, undefined, at("05T00:30:00"))).toThrow("without another");
    const saved = transition.revoked(alone, first.kid, policy, third, at("05T00:30:00"));
    expect(saved.keys.map(({ kid, state }) => [kid, state])).toEqual([[third.kid, "active"]]);
    expect(saved.history.at(-1)?.note).toContain("until 2026-01-05T00:51:00.000Z");
  });
});

describe("an edit of the policy", () => {
  const NOW_MS = at("05T12:00:00");

  it("holds a shorter overlap back until all that lives by the longer one has run out", () => {
    const shorter = policyOf({ ...DECLARED, verifierCache: "5m", tokenLife: "10m" });
    const ring = governed(watched(), shorter, NOW_MS);
    // The retirement of before, 1h 31m.
    expect(ring.held?.until).toBe("2026-01-05T13:31:00.000Z");
    expect(overlapOf(ring, shorter, at("05T13:31:00") - LAST_MS).leadMs).toBe(21 * 60_000);
    expect(overlapOf(ring, shorter, at("05T13:31:00")).leadMs).toBe(11 * 60_000);
    expect(governed(ring, shorter, at("05T13:31:00")).held).toBeUndefined();
  });

  it("adds up the longer of each time where one cache became longer and another shorter", () => {
    const mixed = policyOf({ ...DECLARED, verifierCache: "1h", publisherCache: "0s" });
    const ring = governed(watched(), mixed, NOW_MS);
    // A copy of before, 5m old, may be held for 1h: 1h + 5m + 1m, though neither policy says so.
    expect(overlapOf(ring, mixed, NOW_MS).leadMs).toBe(66 * 60_000);
  });

  it("lets a longer overlap hold at once", () => {
    const longer = policyOf({ ...DECLARED, verifierCache: "2h" });
    expect(overlapOf(governed(watched(), longer, NOW_MS), longer, NOW_MS).leadMs).toBe(126 * 60_000);
  });
});

describe("the arithmetic", () => {
  const reasons = (declared: DeclaredPolicy) =>
    policyFaults(declared).map(({ property, reason }) => `${property} ${reason}`);

  it("takes a period that exceeds lead and retirement by a second, and none that equals them", () => {
    // 16m + 1h 16m.
    expect(reasons({ period: "5521s" })).toEqual([]);
    expect(reasons({ period: "5520s" })).toEqual([expect.stringContaining("1h 32m = lead 16m + retireAfter 1h 16m")]);
  });

  it("takes lead and retirement that equal their sums, and none that are a second shorter", () => {
    expect(reasons({ lead: "960s", retireAfter: "4560s" })).toEqual([]);
    expect(reasons({ lead: "959s" })).toEqual([expect.stringContaining("lead of 15m 59s is too short")]);
    expect(reasons({ retireAfter: "4559s" })).toEqual([expect.stringContaining("retireAfter of 1h 15m is too short")]);
  });
});
