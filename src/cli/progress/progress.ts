/** How far an operation has come: a pure fold of the engine's events, for the line that a waiting person sees. */
import type { EngineEvent } from "../events/event.js";
import { isStackUrn, nameOf } from "../events/urn.js";
import { countsAsWork, type Operation } from "../operations.js";
import { plainMessage } from "../report/failures.js";

export interface InFlight {
  readonly name: string;
  readonly op: string;
  readonly sinceMs: number;
}
export interface Progress {
  readonly operation: Operation;
  readonly startedMs: number;
  /** When the first resource was begun: the rate counts from there. */
  readonly workStartedMs: number | undefined;
  /** Resources that the state held before; a first guess of the total. */
  readonly expected: number;
  readonly begun: number;
  readonly done: number;
  readonly failed: number;
  readonly inFlight: ReadonlyMap<string, InFlight>;
}

export function startProgress(operation: Operation, startedMs: number, expected: number): Progress {
  return {
    operation,
    startedMs,
    workStartedMs: undefined,
    expected,
    begun: 0,
    done: 0,
    failed: 0,
    inFlight: new Map(),
  };
}

export function advance(progress: Progress, event: EngineEvent, nowMs: number): Progress {
  if (event.kind === "diagnostic" || event.kind === "summary") return progress;
  const { step } = event;
  if (!step.declared) return progress;
  const inFlight = new Map(progress.inFlight);
  if (event.kind === "begun") {
    // A refresh says "refresh" at the beginning and the outcome at the end, so what begins counts by its own name.
    if (!countsAsWork(progress.operation, step.op)) return progress;
    inFlight.set(step.urn, { name: step.name, op: step.op, sinceMs: nowMs });
    const workStartedMs = progress.workStartedMs ?? nowMs;
    return { ...progress, inFlight, workStartedMs, begun: progress.begun + 1 };
  }
  if (!inFlight.delete(step.urn)) return progress;
  return {
    ...progress,
    inFlight,
    done: progress.done + 1,
    failed: progress.failed + (event.kind === "failed" ? 1 : 0),
  };
}

/** As known so far: resources that the program has not registered yet may still come. */
export function totalOf(progress: Progress): number {
  return Math.max(progress.expected, progress.begun);
}

/** What is under way for the longest time. */
export function slowest(progress: Progress): InFlight | undefined {
  let oldest: InFlight | undefined;
  for (const candidate of progress.inFlight.values()) {
    if (oldest === undefined || candidate.sinceMs < oldest.sinceMs) oldest = candidate;
  }
  return oldest;
}

/** The line to show at once and for good; undefined for what can wait until the end. */
export function noticeOf(event: EngineEvent): string | undefined {
  if (event.kind !== "diagnostic") return undefined;
  const text = plainMessage(event.message);
  if (text === "") return undefined;
  const name = event.urn === undefined || isStackUrn(event.urn) ? "" : `${nameOf(event.urn)}: `;
  if (event.severity !== "error") return `${name}${text}`;
  return event.urn === undefined ? undefined : `failed: ${name}${text}`;
}
