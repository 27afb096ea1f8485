/** The last line of stdout under `--json`: one object for scripts. Its names are a promise to them. */
import type { Changes } from "./report.js";

export interface Result {
  readonly result: "succeeded" | "failed";
  readonly changes: Changes;
  readonly durationMs: number;
  /** Secrets as "[secret]". */
  readonly outputs: unknown;
}

export const noChanges: Changes = { create: 0, update: 0, replace: 0, delete: 0, same: 0 };

export function resultLine({ result, changes, durationMs, outputs }: Result): string {
  return JSON.stringify({ result, changes, durationMs: Math.round(durationMs), outputs });
}
