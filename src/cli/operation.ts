/** One of `up`, `preview`, `refresh`, `destroy`, from the command line's options to the report. */
import type { Automation, BareStack } from "./automation.js";
import { stateFile } from "./backend.js";
import { companyOf } from "./company.js";
import { runEngineOperation } from "./engine-run.js";
import { type CheckConfiguration, needsSystems, refuseFaults } from "./faults.js";
import type { Operation } from "./operations.js";
import { clearLocks, prepare } from "./preparation.js";
import type { Display } from "./progress/display.js";
import { refuseUnknownNames } from "./replaced-names.js";
import { explainedFailures } from "./report/failures.js";
import { type Report, reportOf } from "./report/report.js";
import { ringsGoByTenant } from "./ring/clock.js";
import { lookAround, type Situation } from "./situation.js";
import { readState } from "./state.js";
import { refuseWhenStopped } from "./stopped.js";
import type { CommonOptions, Surroundings } from "./surroundings.js";
import type { TenantInUse } from "./tenant/embedded.js";

export interface OperationOptions extends CommonOptions {
  /** `destroy --remove`: the stack goes too, once it is empty. */
  readonly remove: boolean;
  /** `up --replace`: the names of resources to make anew, `ada/phone`. */
  readonly replace: readonly string[];
}
export interface Done {
  readonly situation: Situation;
  readonly report: Report;
  readonly tenant: Pick<TenantInUse, "adminUrl" | "startedHere"> | undefined;
  /** How far the clock that this stack's rings go by is from real time, in milliseconds. */
  readonly clockOffsetMs: number;
  /** What the program itself threw, where it did. */
  readonly programError: unknown;
}

export async function runOperation(
  operation: Operation,
  options: OperationOptions,
  surroundings: Surroundings,
  display: Display,
  check: CheckConfiguration,
): Promise<Done> {
  const situation = await lookAround(options, surroundings);
  const { configuration, holds } = situation;
  refuseFaults(check(configuration, surroundings.environment, needsSystems(operation, situation)), situation.stack);
  refuseUnknownNames(options.replace, holds, situation.stack);
  const takesDown = operation === "refresh" || operation === "destroy";
  if (takesDown && situation.exists === false) return nothingThere(operation, situation, display);
  if (operation === "destroy" && holds?.nothing === true) {
    return await nothingToDestroy(situation, options, surroundings, display);
  }

  const report = (line: string) => display.say(line);
  const company = companyOf(operation, situation, surroundings, report);
  try {
    const prepared = await prepare(situation, surroundings, { report, onSpawn: company.begin });
    refuseWhenStopped(surroundings.stop);
    process.chdir(situation.project.folder);
    const { automation } = prepared;
    const stack = { ...prepared.stack, program: company.program };
    if (takesDown) {
      // What the state recorded configures a provider before the program runs: the tenant's record must be there by then.
      await company.tenant();
      const exists = situation.exists ?? (await automation.askStackExists(stack));
      if (!exists) return nothingThere(operation, situation, display);
    } else {
      await automation.ensureStack(stack, situation.exists);
    }
    const { events, programError, engineError } = await runEngineOperation({
      operation,
      automation,
      stack,
      display,
      parallel: options.parallel,
      replace: options.replace,
      clockMs: surroundings.clockMs,
      resourcesBefore: holds?.declared.length ?? 0,
    });
    const folded = reportOf(operation, events);
    const stopped = surroundings.now.aborted ? "at once" : surroundings.stop.aborted ? "in order" : undefined;
    const failures = explainedFailures(folded.failures, { programError, engineError, stopped });
    if (operation === "destroy" && options.remove && failures.length === 0) {
      await removeStack(situation, automation, stack, display);
    }
    const tenant = stopped !== undefined ? undefined : await company.tenant().catch(() => undefined);
    const clockOffsetMs = ringsGoByTenant(configuration) ? ((await tenant?.clockOffsetMs()) ?? 0) : 0;
    return { situation, report: { ...folded, failures }, tenant, clockOffsetMs, programError };
  } finally {
    await company.leave();
  }
}

/** Running the engine would register what holds the people, for nothing: the stack is as it should be. */
async function nothingToDestroy(
  situation: Situation,
  options: OperationOptions,
  surroundings: Surroundings,
  display: Display,
): Promise<Done> {
  const report = (line: string) => display.say(line);
  if (options.remove) {
    const { automation, stack } = await prepare(situation, surroundings, { report, onSpawn: () => {} });
    refuseWhenStopped(surroundings.stop);
    await removeStack(situation, automation, stack, display);
  } else {
    await clearLocks(situation, surroundings, report);
  }
  return doneWithNothing("destroy", situation);
}

async function removeStack(
  { backend, project, stack: name }: Situation,
  automation: Automation,
  stack: BareStack,
  display: Display,
): Promise<void> {
  // Of people who were declared and never made, the engine leaves the component and the provider in the state.
  const { holds } = await readState(stateFile(backend, project, name));
  const onlyLeftovers = holds !== undefined && !holds.nothing && holds.declared.length === 0;
  await automation.removeStack(stack, onlyLeftovers);
  display.say(`removed stack ${name}`);
}

function nothingThere(operation: Operation, situation: Situation, display: Display): Done {
  display.say(`there is no stack ${situation.stack}`);
  return doneWithNothing(operation, situation);
}

function doneWithNothing(operation: Operation, situation: Situation): Done {
  return { situation, report: reportOf(operation, []), tenant: undefined, clockOffsetMs: 0, programError: undefined };
}
