/**
 * What a ring does next, and when: a pure function of the ring, what its declaration asks for, and the clock. Nothing here
 * changes anything; `transitions.ts` has the guards once more.
 */
import { spanText } from "./duration.js";
import { overlapOf } from "./overlap.js";
import type { Policy } from "./policy.js";
import { activeKey, at, MOST_KEYS, preparedKey, type Ring, type RingKey } from "./ring.js";
import { opensAt, slotAfter, type Window } from "./slots.js";

/** What the declaration asks of the ring beside its times. */
export interface Intent {
  readonly policy: Policy;
  readonly window?: Window | undefined;
  /** Kids that nobody may trust any more. */
  readonly revoked: readonly string[];
  /** The kid that is to sign until it is taken back. */
  readonly pinned?: string | undefined;
  /** Whether a grant is tried with a key. */
  readonly provesByGrant: boolean;
}

export const PLAN_STEPS = [
  "revoke",
  "roll back",
  "prepare",
  "publish",
  "observe",
  "prove",
  "promote",
  "remove",
] as const;
export type PlanStep = (typeof PLAN_STEPS)[number];

export interface Planned {
  readonly step: PlanStep;
  readonly kid?: string;
  /** Unix time in milliseconds; the past or the present: it is due. */
  readonly atMs: number;
  /** For a person: `promote 4fT… (slot of 2026-11-29T00:00:00.000Z)`. */
  readonly text: string;
}

/** Every step in sight, the earliest first; of those at one time, the more urgent. Empty where a pinned key holds all. */
export function planOf(ring: Ring, intent: Intent, nowMs: number): readonly Planned[] {
  const steps = [
    ...revocations(ring, intent, nowMs),
    ...rollback(ring, intent, nowMs),
    ...preparation(ring, nowMs),
    ...publication(ring, nowMs),
    ...observation(ring, nowMs),
    ...proof(ring, intent, nowMs),
    ...promotion(ring, intent, nowMs),
    ...removals(ring, intent, nowMs),
  ];
  return steps.sort(
    (one, other) => one.atMs - other.atMs || PLAN_STEPS.indexOf(one.step) - PLAN_STEPS.indexOf(other.step),
  );
}

/** What is due now, in the order in which it is done. */
export function dueOf(ring: Ring, intent: Intent, nowMs: number): readonly Planned[] {
  return planOf(ring, intent, nowMs).filter(({ atMs }) => atMs <= nowMs);
}

/** The beginning of a kid: enough to tell keys apart by eye. */
export const shortKid = (kid: string): string => (kid.length > 10 ? `${kid.slice(0, 8)}…` : kid);

function revocations({ keys }: Ring, { revoked }: Intent, nowMs: number): readonly Planned[] {
  return keys
    .filter(({ kid }) => revoked.includes(kid))
    .map(({ kid, state }) => ({
      step: "revoke",
      kid,
      atMs: nowMs,
      text: `revoke ${shortKid(kid)} (${state})`,
    }));
}

function rollback(ring: Ring, { pinned, policy }: Intent, nowMs: number): readonly Planned[] {
  const target = ring.keys.find(({ kid, state, foreign }) => {
    return kid === pinned && state === "retiring" && foreign !== true;
  });
  if (target?.seenAt === undefined || target.removeAt === undefined) return [];
  const { kid, seenAt, removeAt } = target;
  // From then on another run may be taking it out.
  if (nowMs + policy.clockSkewMs >= at(removeAt)) return [];
  const knownMs = at(seenAt) + overlapOf(ring, policy, nowMs).leadMs;
  return [{ step: "roll back", kid, atMs: Math.max(nowMs, knownMs), text: `roll back to ${shortKid(kid)} (pinned)` }];
}

function preparation(ring: Ring, nowMs: number): readonly Planned[] {
  if (preparedKey(ring) !== undefined) return [];
  return [{ step: "prepare", atMs: nowMs, text: "prepare a standby key" }];
}

function publication({ keys }: Ring, nowMs: number): readonly Planned[] {
  const missing = keys.find(({ publishedAt }) => publishedAt === undefined);
  if (missing === undefined) return [];
  return [{ step: "publish", kid: missing.kid, atMs: nowMs, text: `publish ${shortKid(missing.kid)}` }];
}

/** A key of this ring that was published and has not been found in the live document. */
export function isUnseen({ publishedAt, seenAt, foreign }: RingKey): boolean {
  return publishedAt !== undefined && seenAt === undefined && foreign !== true;
}

function observation({ keys }: Ring, nowMs: number): readonly Planned[] {
  const unseen = keys.find(isUnseen);
  if (unseen === undefined) return [];
  const { kid } = unseen;
  return [{ step: "observe", kid, atMs: nowMs, text: `look for ${shortKid(kid)} in the live document` }];
}

/** An active key that signs unproven (the first one, or after an emergency) is proven once every verifier must know it. */
function proof(ring: Ring, { provesByGrant, policy }: Intent, nowMs: number): readonly Planned[] {
  const { kid, provenAt, seenAt } = activeKey(ring);
  if (!provesByGrant || provenAt !== undefined || seenAt === undefined) return [];
  const atMs = at(seenAt) + overlapOf(ring, policy, nowMs).leadMs;
  return [{ step: "prove", kid, atMs, text: `prove ${shortKid(kid)} by a grant` }];
}

function promotion(ring: Ring, intent: Intent, nowMs: number): readonly Planned[] {
  const { policy, window, pinned } = intent;
  const standby = preparedKey(ring);
  // A full ring has room again once its oldest key has left.
  if (standby?.seenAt === undefined || ring.keys.length >= MOST_KEYS) return [];
  const knownMs = at(standby.seenAt) + overlapOf(ring, policy, nowMs).leadMs;
  const { kid } = standby;
  if (pinned === kid) return [{ step: "promote", kid, atMs: knownMs, text: `promote ${shortKid(kid)} (pinned)` }];
  if (pinned !== undefined) return [];
  const { activatedAt = ring.anchoredAt } = activeKey(ring);
  const slotMs = slotAfter(ring, policy, at(activatedAt));
  const readyMs = Math.max(slotMs, knownMs);
  // What was missed waits for the next window; without windows it is due since it was ready.
  const atMs = window === undefined ? readyMs : opensAt(window, Math.max(readyMs, nowMs));
  if (!Number.isFinite(atMs)) return [];
  const text = `promote ${shortKid(kid)} (slot of ${new Date(slotMs).toISOString()})`;
  return [{ step: "promote", kid, atMs, text }];
}

function removals(ring: Ring, { policy }: Intent, nowMs: number): readonly Planned[] {
  const { retireAfterMs } = overlapOf(ring, policy, nowMs);
  return ring.keys.flatMap(({ kid, retiringSince, removeAt }): Planned[] => {
    if (retiringSince === undefined || removeAt === undefined) return [];
    const atMs = Math.max(at(removeAt), at(retiringSince) + retireAfterMs);
    return [{ step: "remove", kid, atMs, text: `take ${shortKid(kid)} out of the document` }];
  });
}

/** `promote 4fT… (slot of …), due for 2h` / `…, in 6d 3h`. */
export function planText({ text, atMs }: Planned, nowMs: number): string {
  const span = spanText(Math.abs(atMs - nowMs));
  if (atMs > nowMs) return `${text}, in ${span}`;
  return nowMs - atMs < 1_000 ? `${text}, due now` : `${text}, due for ${span}`;
}
