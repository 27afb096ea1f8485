/** One of `up`, `preview`, `refresh`, `destroy`, from the command line's options to the report. */
import { AuthnError } from "../../providers/errors.js";
import { companyOf } from "./company.js";
import { runEngineOperation } from "./engine-run.js";
import { type CheckConfiguration, refuseFaults } from "./faults.js";
import type { Operation } from "./operations.js";
import { prepare } from "./preparation.js";
import type { Display } from "./progress/display.js";
import { explainedFailures } from "./report/failures.js";
import { type Report, reportOf } from "./report/report.js";
import { lookAround, type Situation } from "./situation.js";
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
  refuseFaults(check(situation.configuration, surroundings.environment), situation.stack);
  const takesDown = operation === "refresh" || operation === "destroy";
  if (takesDown && situation.exists === false) return nothingThere(operation, situation, display);

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
      resourcesBefore: situation.resourcesBefore,
    });
    const folded = reportOf(operation, events);
    const stopped = surroundings.now.aborted ? "at once" : surroundings.stop.aborted ? "in order" : undefined;
    const failures = explainedFailures(folded.failures, { programError, engineError, stopped });
    if (operation === "destroy" && options.remove && failures.length === 0) {
      await automation.removeStack(stack);
      display.say(`removed stack ${situation.stack}`);
    }
    const tenant = stopped !== undefined ? undefined : await company.tenant().catch(() => undefined);
    return { situation, report: { ...folded, failures }, tenant, programError };
  } finally {
    await company.leave();
  }
}

function nothingThere(operation: Operation, situation: Situation, display: Display): Done {
  display.say(`there is no stack ${situation.stack}`);
  return { situation, report: reportOf(operation, []), tenant: undefined, programError: undefined };
}

function refuseWhenStopped(stop: AbortSignal): void {
  if (!stop.aborted) return;
  throw new AuthnError({
    code: "ERR_AUTHN_ENGINE",
    what: "Stopped before anything was done",
    remedy: "Run the command again",
  });
}
