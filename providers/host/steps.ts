/**
 * Runs the steps of a create, and goes on where an earlier run stopped. Each step's state is what the next begins with; a
 * failure says which step is open, what is known of its request, and how far it came (design: "One lifecycle contract").
 */
import { AuthnError } from "../errors.js";
import { outcomeOf } from "../http/errors.js";
import type { Change, CommonInputs, Lifecycle, OpenStep, Step } from "./lifecycle.js";

/** A step that failed: what was reached before it, and the open step. */
export interface Stopped<State> {
  readonly state: State;
  readonly open: OpenStep;
  readonly error: unknown;
}
export type Progress<State> =
  | { readonly done: true; readonly state: State }
  | { readonly done: false; readonly stopped: Stopped<State> };

/**
 * How the ledger is to keep that a step begins. "durable": what it does can't be done a second time, or found again, without knowing this;
 * "unwritten": the record before it says enough.
 */
export type Weight = "durable" | "written" | "unwritten";

/** Tells that a step is going to begin, from the state that was reached; what it throws keeps the step from beginning. */
export type Announce<State> = (step: string, state: State, weight: Weight) => Promise<void>;

/** Runs the steps from the named one on; an absent name has nothing left to do. */
export async function runSteps<State, Session>(
  steps: readonly Step<State, Session>[],
  from: string | undefined,
  session: Session,
  begun: State,
  announce: Announce<State>,
): Promise<Progress<State>> {
  let state = begun;
  for (const step of from === undefined ? [] : steps.slice(indexOf(steps, from))) {
    try {
      await announce(step.name, state, weightOf(step, state));
    } catch (error) {
      return { done: false, stopped: { state, open: { step: step.name, outcome: "not-processed" }, error } };
    }
    try {
      state = await step.run(session, state);
    } catch (error) {
      return { done: false, stopped: { state, open: { step: step.name, outcome: outcomeOf(error) }, error } };
    }
  }
  return { done: true, state };
}

function weightOf<State, Session>({ lost, unwritten }: Step<State, Session>, state: State): Weight {
  if (unwritten?.(state) === true) return "unwritten";
  return lost === "repeat" ? "written" : "durable";
}

/**
 * Where an open resource goes on. A lost answer is resolved by the step's own rule; what did nothing is due again, unless what
 * stood before it is gone meanwhile: then all is made again, with the same keys.
 */
export async function resumePoint<Inputs extends CommonInputs, State extends object, Session>(
  lifecycle: Pick<Lifecycle<Inputs, State, unknown, Session>, "steps" | "read">,
  session: Session,
  id: string,
  state: State,
  open: OpenStep,
): Promise<{ readonly state: State; readonly from: string | undefined }> {
  const index = indexOf(lifecycle.steps, open.step);
  const step = lifecycle.steps[index];
  if (open.outcome === "unknown" && step !== undefined && step.lost !== "repeat") {
    const reached = await step.lost(session, state);
    if (reached !== undefined) return { state: reached, from: lifecycle.steps[index + 1]?.name };
  }
  if (index > 0 && step?.blind !== true) {
    const observed = await lifecycle.read(session, id, state);
    if (observed.gone) return { state, from: lifecycle.steps[0]?.name };
  }
  return { state, from: step?.resumesAt ?? open.step };
}

export interface Resumption<State> {
  nowMs(): number;
  /** The run before this one failed. */
  readonly isResumed: boolean;
  readonly announce: Announce<State>;
}

/** Goes on with the step that is open; without one there is nothing to finish. */
export async function finishOpenStep<Inputs extends CommonInputs, State extends object, Session>(
  lifecycle: Pick<Lifecycle<Inputs, State, unknown, Session>, "steps" | "read">,
  session: Session,
  id: string,
  state: State,
  open: OpenStep | undefined,
  announce: Announce<State>,
): Promise<Progress<State>> {
  if (open === undefined) return { done: true, state };
  const point = await resumePoint(lifecycle, session, id, state, open);
  return runSteps(lifecycle.steps, point.from, session, point.state, announce);
}

/** Makes the in-place changes that are needed, in their order. */
export async function runChanges<Inputs, State, Session>(
  changes: readonly Change<Inputs, State, Session>[],
  session: Session,
  begun: State,
  inputs: Inputs,
  { nowMs, isResumed, announce }: Resumption<State>,
): Promise<Progress<State>> {
  let state = begun;
  for (const change of changes) {
    if (!change.needed(state, inputs, nowMs())) continue;
    try {
      await announce(change.name, state, "durable");
    } catch (error) {
      return { done: false, stopped: { state, open: { step: change.name, outcome: "not-processed" }, error } };
    }
    try {
      state = await change.run(session, state, inputs, isResumed);
    } catch (error) {
      return { done: false, stopped: { state, open: { step: change.name, outcome: outcomeOf(error) }, error } };
    }
  }
  return { done: true, state };
}

function indexOf<State, Session>(steps: readonly Step<State, Session>[], name: string): number {
  const index = steps.findIndex((step) => step.name === name);
  if (index >= 0) return index;
  throw new AuthnError({
    code: "ERR_AUTHN_STATE",
    what: `The state names a step "${name}" that this pulumi-authn does not have`,
    remedy: "Use the version that wrote the state, or destroy the resource and make it again",
  });
}
