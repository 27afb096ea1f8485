/** One run of the engine over the inline program: its events, shown as they come and kept for the report. */
import type { EngineEvent as SdkEvent, Stack } from "@pulumi/pulumi/automation/index.js";
import type { Automation, StackOptions } from "./automation.js";
import { type EngineEvent, parseEvent } from "./events/event.js";
import { isStackUrn } from "./events/urn.js";
import type { Operation } from "./operations.js";
import type { Display } from "./progress/display.js";
import { advance, noticeOf, startProgress } from "./progress/progress.js";
import { renderProgress } from "./progress/render.js";
import { cheapStackTraces } from "./stack-traces.js";

export interface EngineRunOptions {
  readonly operation: Operation;
  readonly automation: Automation;
  readonly stack: StackOptions;
  readonly display: Display;
  readonly parallel: number | undefined;
  /** Names of resources to make anew, though nothing changed. */
  readonly replace: readonly string[];
  /** Ends the engine in order. */
  readonly halt: () => void;
  readonly clockMs: () => number;
  /** Declared resources in the state before. */
  readonly resourcesBefore: number;
}
export interface EngineRunOutcome {
  readonly events: readonly EngineEvent[];
  /** What the program threw; undefined where it ran through. */
  readonly programError: unknown;
  /** The engine's exit with another code than 0. */
  readonly engineError: unknown;
}

export async function runEngineOperation(options: EngineRunOptions): Promise<EngineRunOutcome> {
  const { operation, automation, display, clockMs } = options;
  const events: EngineEvent[] = [];
  const traces = cheapStackTraces();
  let programError: unknown;
  let engineError: unknown;
  const program = traces.withCheapStackTraces(async () => {
    try {
      return await options.stack.program();
    } catch (error) {
      programError = error;
      throw error;
    }
  });
  let progress = startProgress(operation, clockMs(), options.resourcesBefore);
  const onEvent = (raw: SdkEvent) => {
    const event = parseEvent(raw);
    if (event === undefined) return;
    events.push(event);
    // Engine 3.228 with continueOnError never answers the program of a replacement whose old one can't be deleted: it would wait for ever.
    if (event.kind === "failed" && event.step.op === "delete-replaced") options.halt();
    progress = advance(progress, event, clockMs());
    // The stack's own outputs are registered last.
    if (event.kind === "ended" && isStackUrn(event.step.urn)) traces.restore();
    const notice = noticeOf(event);
    if (notice !== undefined) display.say(notice);
  };
  display.follow(() => renderProgress(progress, clockMs()));
  try {
    const stack = await automation.openStack({ ...options.stack, program });
    await engineRuns[operation](stack, quietly(options, onEvent));
  } catch (error) {
    engineError = error;
  } finally {
    traces.restore();
    display.end();
  }
  return { events, programError, engineError };
}

type QuietOptions = ReturnType<typeof quietly>;

/** Refresh and destroy run the program, so that they use today's configuration and not what the state recorded. */
const engineRuns: Readonly<Record<Operation, (stack: Stack, options: QuietOptions) => Promise<unknown>>> = {
  up: (stack, options) => stack.up({ ...options, continueOnError: true }),
  preview: (stack, options) => stack.preview(options),
  refresh: (stack, { replace: _, ...options }) =>
    stack.refresh({ ...options, runProgram: true, clearPendingCreates: true }),
  drift: (stack, { replace: _, ...options }) => stack.previewRefresh({ ...options, runProgram: true }),
  // Not continueOnError: engine 3.228 then deletes a component whose children's deletes failed, and the state is broken.
  destroy: (stack, { replace: _, ...options }) => stack.destroy({ ...options, runProgram: true }),
};

/** What the engine would print is drawn from its events instead. */
function quietly(
  { parallel, replace }: Pick<EngineRunOptions, "parallel" | "replace">,
  onEvent: (event: SdkEvent) => void,
) {
  return {
    suppressOutputs: true,
    suppressProgress: true,
    color: "never",
    onEvent,
    ...(parallel === undefined ? {} : { parallel }),
    // The engine takes patterns of URNs: whatever the resource stands under.
    ...(replace.length === 0 ? {} : { replace: replace.map((name) => `**::${name}`) }),
  } as const;
}
