/** One of `up`, `preview`, `refresh`, `drift`, `destroy`, from the command line's options to the report. */
import { pulumiHome } from "../../providers/host/ledger/index.js";
import { companyOf } from "./company.js";
import { runEngineOperation } from "./engine-run.js";
import { tellsOfCutOff } from "./events/wording.js";
import { type CheckConfiguration, needsSystems, refuseFaults } from "./faults.js";
import { ledgerOf } from "./ledger/of-operation.js";
import { nothingLeft } from "./ledger/settlement.js";
import { noStack } from "./no-stack.js";
import { ledgerKeepsStack, nothingToDestroy, refuseStateless, removeStack } from "./nothing-to-destroy.js";
import type { Operation } from "./operations.js";
import { prepare } from "./preparation.js";
import type { Display } from "./progress/display.js";
import { runUnlocked } from "./remote-locks.js";
import { refuseUnknownNames } from "./replaced-names.js";
import { explainedFailures, type Failure } from "./report/failures.js";
import { type Report, reportOf } from "./report/report.js";
import { ringsGoByTenant } from "./ring/clock.js";
import { lookAround, type Situation } from "./situation.js";
import { refuseWhenStopped } from "./stopped.js";
import type { CommonOptions, Surroundings } from "./surroundings.js";
import type { TenantInUse } from "./tenant/embedded.js";

export interface OperationOptions extends CommonOptions {
  /** The file that gets what came of it as Markdown. */
  readonly markdown?: string | undefined;
  /** `destroy --remove`: the stack goes too, once it is empty. */
  readonly remove: boolean;
  /** `up --replace`: the names of resources to make anew, `ada/phone`. */
  readonly replace: readonly string[];
  /** `up --checkpoints`, `destroy --checkpoints`: the engine keeps them, whatever the ledger knows. */
  readonly checkpoints: boolean;
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
  const report = (line: string) => display.say(line);
  const ledger = ledgerOf(operation, situation, surroundings, report);
  const systemsNeeded = needsSystems(operation, situation) || !(await ledger.isEmpty());
  refuseFaults(check(configuration, surroundings.environment, systemsNeeded), situation.stack);
  refuseUnknownNames(options.replace, holds, situation.stack);
  const takesDown = operation === "refresh" || operation === "drift" || operation === "destroy";
  const nothingThere = async () => {
    // A check that finds nothing to look at must not pass for a clean one.
    if (operation === "drift") throw noStack(situation.stack);
    if (operation === "destroy") await refuseStateless(situation, ledger);
    report(`there is no stack ${situation.stack}`);
    return doneWithNothing(operation, situation, []);
  };
  if (takesDown && situation.exists === false) return await nothingThere();
  if (operation === "destroy" && holds?.nothing === true) {
    const left = await nothingToDestroy(situation, options, surroundings, ledger, report);
    return doneWithNothing(operation, situation, left);
  }

  const company = companyOf(operation, situation, surroundings, report);
  try {
    const halt = new AbortController();
    const prepared = await prepare(situation, surroundings, { report, onSpawn: company.begin, halt: halt.signal });
    refuseWhenStopped(surroundings.stop);
    process.chdir(situation.project.folder);
    const { automation } = prepared;
    const engine = async () => prepared;
    if (takesDown) {
      // What the state recorded configures a provider before the program runs: the tenant's record must be there by then.
      await company.tenant();
      const exists = situation.exists ?? (await automation.askStackExists(prepared.stack));
      if (!exists) return await nothingThere();
    } else {
      // A ledger without a state is another backend's, or what is left of a lost one: nothing of it may be swept unasked.
      const isNew = situation.exists === false && operation === "up";
      if (isNew) await refuseStateless(situation, ledger);
      await automation.ensureStack(prepared.stack, situation.exists);
    }
    if (options.replace.length > 0) await ledger.confirm(engine);
    const environment = { ...prepared.stack.environment, ...(await ledger.checkpoints(options.checkpoints, engine)) };
    const run = () =>
      runEngineOperation({
        operation,
        automation,
        stack: { ...prepared.stack, environment, program: company.program },
        display,
        parallel: options.parallel,
        replace: options.replace,
        halt: () => halt.abort(),
        clockMs: surroundings.clockMs,
        resourcesBefore: holds?.declared.length ?? 0,
      });
    const locked = {
      cancel: () => automation.cancel(prepared.stack),
      pulumiHome: pulumiHome(surroundings.environment),
      report,
    };
    const { events, programError, engineError } = await runUnlocked(run, locked);
    const folded = reportOf(operation, events);
    const stopped = surroundings.now.aborted ? "at once" : surroundings.stop.aborted ? "in order" : undefined;
    const ofEngine = explainedFailures(folded.failures, { programError, engineError, stopped });
    const cutOff = events.some((event) => event.kind === "diagnostic" && tellsOfCutOff(event.message));
    const ending = { succeeded: ofEngine.length === 0, cutOff };
    const settled = stopped === "at once" ? nothingLeft : await ledger.settle(ending, engine);
    const failures = [...ofEngine, ...settled.failures];
    if (operation === "destroy" && options.remove && failures.length === 0) {
      if (settled.resolved) await removeStack(situation, prepared, ledger, report);
      else failures.push(ledgerKeepsStack(situation));
    }
    const tenant = stopped !== undefined ? undefined : await company.tenant().catch(() => undefined);
    const clockOffsetMs = ringsGoByTenant(configuration) ? ((await tenant?.clockOffsetMs()) ?? 0) : 0;
    return { situation, report: { ...folded, failures }, tenant, clockOffsetMs, programError };
  } finally {
    await company.leave();
  }
}

function doneWithNothing(operation: Operation, situation: Situation, failures: readonly Failure[]): Done {
  const report = { ...reportOf(operation, []), failures };
  return { situation, report, tenant: undefined, clockOffsetMs: 0, programError: undefined };
}
