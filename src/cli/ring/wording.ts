/** Times and steps of a ring in the words of a person. */
import { spanText } from "../../../providers/baikal/ring/duration.js";
import { type Planned, planOf, planText } from "../../../providers/baikal/ring/plan.js";
import type { SavedRing } from "./saved-ring.js";

/** RFC 3339 in UTC, to the second: `2026-11-29T00:00:00Z`. */
export function timeText(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
}

/** `in 6d 3h`, `2h ago`, `now`. */
export function relativeText(ms: number, nowMs: number): string {
  if (Math.abs(ms - nowMs) < 1_000) return "now";
  return ms > nowMs ? `in ${spanText(ms - nowMs)}` : `${spanText(nowMs - ms)} ago`;
}

/** `promote 9xQ…, in 6d 3h`: the slot is told by the time itself. */
export function stepText(planned: Planned, nowMs: number): string {
  return planText({ ...planned, text: planned.text.replace(/ \(slot of [^)]*\)$/, "") }, nowMs);
}

/** The next step; undefined where a pinned key holds all. */
export function nextOf({ ring, intent }: SavedRing, nowMs: number): Planned | undefined {
  return planOf(ring, intent, nowMs)[0];
}

/** `promote 9xQ…, in 6d 3h (2026-11-29T00:00:00Z)` */
export function nextText(saved: SavedRing, nowMs: number): string {
  const next = nextOf(saved, nowMs);
  if (next === undefined) return saved.intent.pinned === undefined ? "nothing in sight" : "nothing while it is pinned";
  return next.atMs > nowMs ? `${stepText(next, nowMs)} (${timeText(next.atMs)})` : planText(next, nowMs);
}
