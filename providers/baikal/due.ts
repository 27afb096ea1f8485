/** Which steps of a ring are due, by its state. Pure. */
import { type Declared, intentOf } from "./intent.js";
import { declaredOf, ringOf, tagOf, wantedOf } from "./outputs.js";
import { dueOf, type Planned, type PlanStep, planOf, planText } from "./ring/plan.js";
import type { BaikalClientKeysState } from "./state.js";

/** The kids that a step is due for now. */
export function dueKids(state: BaikalClientKeysState, step: PlanStep, nowMs: number): readonly string[] {
  return planned(state, step, nowMs).flatMap(({ kid }) => kid ?? []);
}

export function isDue(state: BaikalClientKeysState, step: PlanStep, nowMs: number): boolean {
  return planned(state, step, nowMs).length > 0;
}

function planned(state: BaikalClientKeysState, step: PlanStep, nowMs: number): readonly Planned[] {
  return dueOf(ringOf(state), intentOf(declaredOf(state)), nowMs).filter((due) => due.step === step);
}

/** What the clock makes due, in words; and when the next step is. Undefined: nothing is due. */
export function dueText(state: BaikalClientKeysState, declared: Declared, nowMs: number): string | undefined {
  const steps = planOf(ringOf(state), intentOf(declared), nowMs);
  const due = steps.filter(({ atMs }) => atMs <= nowMs);
  return due.length === 0 ? undefined : due.map((step) => planText(step, nowMs)).join("; ");
}

/** Whether what was published last is not what the ring's document is now. */
export function isUnpublished(state: BaikalClientKeysState): boolean {
  const { digest } = wantedOf(ringOf(state), tagOf(state));
  return (
    state.drifted === true ||
    state.publishedDigest !== digest ||
    state.keys.some(({ publishedAt }) => publishedAt === undefined)
  );
}
