/** What an operation says of key rings: which step is due and which comes next, and what `up`'s table shows of them. */
import { dueOf, planText, shortKid } from "../../../providers/baikal/ring/plan.js";
import { activeKey } from "../../../providers/baikal/ring/ring.js";
import type { Outcome } from "../operations.js";
import { clientOf, ringType, type SavedRing, savedRing } from "../ring/saved-ring.js";
import { nextOf, nextText, stepText } from "../ring/wording.js";
import { oneLine } from "../text.js";
import type { Report, ResourceReport } from "./report.js";

export interface RingRow {
  readonly client: string;
  readonly issuer: string;
  /** The beginning of the signing key's kid. */
  readonly signsWith: string;
  /** `1 active, 1 prepared` */
  readonly keys: string;
  readonly next: string;
  readonly state: Outcome;
}

export const isRing = ({ type }: Pick<ResourceReport, "type">): boolean => type === ringType;

/** A preview doesn't know what an update comes to: the ring is then the one of before, as it is declared now. */
function ringIn({ name, before, after }: ResourceReport): SavedRing | undefined {
  const inputs = (after ?? before)?.inputs ?? {};
  const found = after === undefined ? undefined : savedRing(name, after);
  return found ?? (before === undefined ? undefined : savedRing(name, { inputs, outputs: before.outputs }));
}

/** What is due, one text a step; empty where nothing is, or no ring stands yet. */
export function dueTexts(resource: ResourceReport, nowMs: number): readonly string[] {
  const saved = isRing(resource) ? ringIn(resource) : undefined;
  if (saved === undefined) return [];
  return dueOf(saved.ring, saved.intent, nowMs).map((planned) => oneLine(planText(planned, nowMs)));
}

/** `signs with 4fT2a…; next: promote 9xQ…, in 6d 3h (2026-11-29T00:00:00Z)` */
export function outlook(resource: ResourceReport, nowMs: number): string | undefined {
  const saved = isRing(resource) ? ringIn(resource) : undefined;
  if (saved === undefined) return undefined;
  return `signs with ${shortKid(activeKey(saved.ring).kid)}; next: ${oneLine(nextText(saved, nowMs))}`;
}

export function ringRows(report: Report, nowMs: number): readonly RingRow[] {
  return report.resources.filter(isRing).map((resource) => {
    const row = { client: clientOf(resource.name), state: resource.outcome };
    const saved = resource.outcome === "deleted" ? undefined : ringIn(resource);
    if (saved === undefined) return { ...row, issuer: "", signsWith: "", keys: "", next: "" };
    const next = nextOf(saved, nowMs);
    return {
      ...row,
      issuer: saved.issuer,
      signsWith: shortKid(activeKey(saved.ring).kid),
      keys: countsOf(saved),
      next: next === undefined ? nextText(saved, nowMs) : stepText(next, nowMs),
    };
  });
}

function countsOf({ ring: { keys } }: SavedRing): string {
  return (["active", "prepared", "retiring"] as const)
    .flatMap((state) => {
      const count = keys.filter((key) => key.state === state).length;
      return count === 0 ? [] : [`${count} ${state}`];
    })
    .join(", ");
}
