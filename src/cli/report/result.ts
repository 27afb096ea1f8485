/** The last line of stdout under `--json`: one object for scripts. Its names are a promise to them. */
import { type ExitCode, exitCode } from "../exit.js";
import type { Surroundings } from "../surroundings.js";
import type { Changes } from "./report.js";

export interface Result {
  readonly result: "succeeded" | "failed";
  readonly changes: Changes;
  readonly durationMs: number;
  /** Secrets as "[secret]". */
  readonly outputs: unknown;
}

export const noChanges: Changes = { create: 0, update: 0, replace: 0, delete: 0, same: 0 };

/** Whether anything isn't as it was. */
export function differs({ same: _, ...changes }: Changes): boolean {
  return Object.values(changes).some((count) => count > 0);
}

export function resultLine({ result, changes, durationMs, outputs }: Result): string {
  return JSON.stringify({ result, changes, durationMs: Math.round(durationMs), outputs });
}

export interface Answer {
  readonly code: ExitCode;
  readonly outputs: unknown;
}

/** Runs a command that changes no resource; under `--json` its line comes even where the command throws. */
export async function answer(
  { json }: { readonly json: boolean },
  { stdout, clockMs }: Pick<Surroundings, "stdout" | "clockMs">,
  command: () => Promise<Answer>,
): Promise<ExitCode> {
  const startedMs = clockMs();
  const write = (result: Result["result"], outputs: unknown) => {
    if (!json) return;
    stdout.write(`${resultLine({ result, changes: noChanges, durationMs: clockMs() - startedMs, outputs })}\n`);
  };
  try {
    const { code, outputs } = await command();
    write(code === exitCode.done ? "succeeded" : "failed", outputs);
    return code;
  } catch (error) {
    write("failed", {});
    throw error;
  }
}
