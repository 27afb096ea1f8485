/** What an operation came to, folded from the engine's events: one entry a declared resource, the failures, the counts. */
import { type EngineEvent, type ResourceState, type Step, shown } from "../events/event.js";
import { isStackUrn, nameOf, shortType, typeOf } from "../events/urn.js";
import { type Operation, type Outcome, outcomeOf } from "../operations.js";
import { type Failure, failuresOf } from "./failures.js";

export interface ResourceReport {
  readonly urn: string;
  readonly name: string;
  /** `KeyriPublicKey` */
  readonly type: string;
  readonly outcome: Outcome;
  /** "" where it was never made. */
  readonly id: string;
  readonly before: ResourceState | undefined;
  readonly after: ResourceState | undefined;
  readonly changed: readonly string[];
}
export interface Changes {
  readonly create: number;
  readonly update: number;
  readonly replace: number;
  readonly delete: number;
  readonly same: number;
}
export interface Report {
  readonly operation: Operation;
  readonly resources: readonly ResourceReport[];
  /** Of declared resources: stack, components and providers don't count. */
  readonly changes: Changes;
  readonly failures: readonly Failure[];
  /** The stack's outputs, secrets as "[secret]". */
  readonly outputs: unknown;
}

const weight: Readonly<Record<Outcome, number>> = {
  unchanged: 0,
  updated: 1,
  created: 1,
  deleted: 2,
  replaced: 3,
  failed: 4,
};

export function reportOf(operation: Operation, events: readonly EngineEvent[]): Report {
  const resources = new Map<string, ResourceReport>();
  let outputs: unknown = {};
  for (const event of events) {
    if (event.kind !== "ended" && event.kind !== "failed") continue;
    const { step } = event;
    if (isStackUrn(step.urn) && event.kind === "ended") {
      outputs = shown(step.op === "delete" ? {} : (step.after?.outputs ?? {}));
    }
    if (!step.declared) continue;
    const outcome = event.kind === "failed" ? "failed" : outcomeOf(operation, step.op);
    if (outcome === undefined) continue;
    const earlier = resources.get(step.urn);
    if (earlier === undefined || weight[earlier.outcome] <= weight[outcome]) {
      resources.set(step.urn, resourceOf(step, outcome, earlier));
    }
  }
  for (const urn of refusedOf(events)) {
    if (!resources.has(urn)) resources.set(urn, refused(urn));
  }
  const all = [...resources.values()];
  return {
    operation,
    resources: all,
    changes: changesOf(all),
    failures: failuresOf(events, all),
    outputs: operation === "destroy" ? {} : outputs,
  };
}

function resourceOf(step: Step, outcome: Outcome, earlier: ResourceReport | undefined): ResourceReport {
  return {
    urn: step.urn,
    name: step.name,
    type: shortType(step.type),
    outcome,
    id: step.after?.id || step.before?.id || earlier?.id || "",
    before: step.before ?? earlier?.before,
    after: step.after ?? earlier?.after,
    changed: [...new Set([...(earlier?.changed ?? []), ...step.changed])],
  };
}

function changesOf(resources: readonly ResourceReport[]): Changes {
  const count = (outcome: Outcome) => resources.filter((resource) => resource.outcome === outcome).length;
  return {
    create: count("created"),
    update: count("updated"),
    replace: count("replaced"),
    delete: count("deleted"),
    same: count("unchanged"),
  };
}

/** Resources that failed before any step of theirs: their inputs were refused. */
function refusedOf(events: readonly EngineEvent[]): readonly string[] {
  return events.flatMap((event) => {
    if (event.kind !== "diagnostic" || event.severity !== "error" || event.urn === undefined) return [];
    return typeOf(event.urn).startsWith("pulumi-nodejs:dynamic/") ? [event.urn] : [];
  });
}

function refused(urn: string): ResourceReport {
  const nothing = { id: "", before: undefined, after: undefined, changed: [] };
  return { urn, name: nameOf(urn), type: shortType(typeOf(urn)), outcome: "failed", ...nothing };
}
