/**
 * What a ring comes to if a run comes at each of its times: the pure plan and transitions of providers/baikal/ring, played on a
 * copy whose keys to come are called `next-1`, `next-2`.
 */
import { governed, overlapOf } from "../../../providers/baikal/ring/overlap.js";
import { type Intent, type Planned, type PlanStep, planOf } from "../../../providers/baikal/ring/plan.js";
import type { HistoryEntry, Ring } from "../../../providers/baikal/ring/ring.js";
import * as transitions from "../../../providers/baikal/ring/transitions.js";

export interface Projection {
  /** Every step, in the order in which they come; `atMs` is when it can be done, not before now. */
  readonly steps: readonly Planned[];
  /** What its history would say of them. */
  readonly entries: readonly HistoryEntry[];
}

/** A ring that turns more often within what is shown is shown in part. */
const MOST_STEPS = 120;

export function projectionOf(ring: Ring, intent: Intent, nowMs: number, untilMs: number): Projection {
  const steps: Planned[] = [];
  const entries: HistoryEntry[] = [];
  let made = 0;
  const newKey = () => {
    made += 1;
    return { kid: `next-${made}`, jwk: {} };
  };
  let current = ring;
  let atMs = nowMs;
  while (steps.length < MOST_STEPS) {
    const planned = planOf(current, intent, atMs)[0];
    if (planned === undefined || planned.atMs > untilMs) break;
    atMs = Math.max(atMs, planned.atMs);
    const before = governed({ ...current, history: [] }, intent.policy, atMs);
    const after = advanced(before, planned, intent, atMs, newKey);
    if (after === undefined) break;
    steps.push({ ...planned, atMs });
    entries.push(...after.history);
    current = after;
  }
  return { steps, entries };
}

type Advance = (ring: Ring, kid: string, intent: Intent, atMs: number, newKey: () => transitions.NewKey) => Ring;

const advances: Readonly<Record<PlanStep, Advance>> = {
  prepare: (ring, _kid, _intent, atMs, newKey) => transitions.prepared(ring, newKey(), atMs),
  publish: (ring, _kid, _intent, atMs) => transitions.published(ring, atMs),
  observe: (ring, _kid, _intent, atMs) => transitions.seen(ring, new Set(ring.keys.map(({ kid }) => kid)), atMs),
  prove: (ring, kid, _intent, atMs) => transitions.proven(ring, kid, atMs),
  promote: (ring, kid, { policy, provesByGrant }, atMs) =>
    transitions.promoted(
      provesByGrant ? transitions.proven(ring, kid, atMs) : ring,
      kid,
      overlapOf(ring, policy, atMs),
      atMs,
    ),
  remove: (ring, kid, _intent, atMs) => transitions.removed(ring, kid, atMs),
  revoke: (ring, kid, { policy }, atMs, newKey) =>
    transitions.revoked(ring, kid, overlapOf(ring, policy, atMs), newKey(), atMs),
  "roll back": (ring, kid, { policy }, atMs) => transitions.rolledBack(ring, kid, overlapOf(ring, policy, atMs), atMs),
};

/** undefined where a guard refuses the step: then the run, too, goes no further. */
function advanced(
  ring: Ring,
  { step, kid = "" }: Planned,
  intent: Intent,
  atMs: number,
  newKey: () => transitions.NewKey,
): Ring | undefined {
  try {
    return advances[step](ring, kid, intent, atMs, newKey);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
