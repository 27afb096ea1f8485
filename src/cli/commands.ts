/** What the commands do and print: loaded when one is chosen, so that `--help` and `tenant` load no Pulumi SDK. */
import pc from "picocolors";
import { shownAddress } from "./backend-address.js";
import { type CommentFile, commentFile } from "./comment/file.js";
import { shown } from "./events/event.js";
import { type ExitCode, exitCode, exitCodeOfProgram } from "./exit.js";
import { checkConfiguration } from "./faults.js";
import { noStack } from "./no-stack.js";
import { type Done, type OperationOptions, runOperation } from "./operation.js";
import type { Operation } from "./operations.js";
import { prepare } from "./preparation.js";
import { displayOn, type Output } from "./progress/display.js";
import { renderOutputs } from "./report/outputs.js";
import { personRows } from "./report/people.js";
import { planLines } from "./report/plan.js";
import { answer, differs, noChanges, resultLine } from "./report/result.js";
import { ringRows } from "./report/rings.js";
import { failureLines, summaryLine } from "./report/summary.js";
import { lookAround } from "./situation.js";
import type { CommonOptions, Surroundings } from "./surroundings.js";

export async function operate(
  operation: Operation,
  options: OperationOptions,
  surroundings: Surroundings,
): Promise<ExitCode> {
  const startedMs = surroundings.clockMs();
  const human = options.json ? surroundings.stderr : surroundings.stdout;
  const display = await displayOn(human);
  surroundings.stop.addEventListener("abort", () =>
    display.say("stopping after what is under way; once more stops at once"),
  );
  const durationMs = () => surroundings.clockMs() - startedMs;
  let comment: CommentFile | undefined;
  try {
    comment = await commentFile(options.markdown, surroundings.cwd);
    const done = await runOperation(operation, options, surroundings, display, checkConfiguration);
    const { report } = done;
    const nowMs = surroundings.clockMs() + done.clockOffsetMs;
    for (const line of await reportLines(operation, done, human, nowMs, durationMs())) human.write(`${line}\n`);
    await comment?.write(report, { stack: options.stack, nowMs });
    const failed = report.failures.length > 0;
    if (options.json) {
      const { changes, outputs } = report;
      const result = failed ? "failed" : "succeeded";
      surroundings.stdout.write(`${resultLine({ result, changes, durationMs: durationMs(), outputs })}\n`);
    }
    if (done.programError !== undefined) return exitCodeOfProgram(done.programError);
    if (failed) return exitCode.failed;
    return operation === "drift" && differs(report.changes) ? exitCode.drifted : exitCode.done;
  } catch (error) {
    display.end();
    await comment?.writeError(operation, options.stack, error);
    if (options.json) {
      const line = resultLine({ result: "failed", changes: noChanges, durationMs: durationMs(), outputs: {} });
      surroundings.stdout.write(`${line}\n`);
    }
    throw error;
  }
}

async function reportLines(
  operation: Operation,
  done: Done,
  human: Output,
  nowMs: number,
  durationMs: number,
): Promise<readonly string[]> {
  const { report } = done;
  const colors = pc.createColors(human.isTTY === true && pc.isColorSupported);
  const lines: string[] = [];
  if (operation === "up" && done.programError === undefined) {
    const { renderRings, renderTable } = await import("./report/table.js");
    lines.push(
      renderTable(personRows(report), colors),
      renderRings(ringRows(report, nowMs), colors),
      whereThingsAre(done),
    );
  }
  if (operation !== "up" && operation !== "destroy") lines.push(planLines(report, nowMs).join("\n"));
  lines.push(colors.bold(summaryLine(report, durationMs)));
  lines.push(
    failureLines(report.failures)
      .map((line) => colors.red(line))
      .join("\n"),
  );
  return lines.filter((line) => line !== "");
}

function whereThingsAre({ situation, tenant }: Done): string {
  const { backend, stack } = situation;
  const lines = [`stack   ${stack}`, `state   ${backend.folder ?? shownAddress(backend.url)}`];
  if (tenant !== undefined) {
    const life = tenant.startedHere ? "ran for this operation; `authn tenant` keeps one running" : "running";
    lines.push(`tenant  ${tenant.adminUrl}/ (${life})`);
  }
  lines.push("keys    authn outputs --show-secrets");
  return lines.join("\n");
}

export function showOutputs(
  options: CommonOptions & { readonly showSecrets: boolean },
  surroundings: Surroundings,
): Promise<ExitCode> {
  return answer(options, surroundings, async () => {
    const situation = await lookAround(options, surroundings);
    if (situation.exists === false) throw noStack(options.stack);
    const report = (line: string) => surroundings.stderr.write(`${line}\n`);
    const { automation, stack } = await prepare(situation, surroundings, { report, onSpawn: () => {} });
    // A refresh that ran the program leaves unknown values for what is declared and not yet made.
    const outputs = shown(await automation.readOutputs(stack, options.showSecrets));
    if (!options.json) surroundings.stdout.write(`${renderOutputs(outputs)}\n`);
    return { code: exitCode.done, outputs };
  });
}
