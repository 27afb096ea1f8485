/** The last lines of an operation for a person: what happened in numbers, then each failure. */
import type { Operation } from "../operations.js";
import { seconds } from "../progress/render.js";
import { escapeControls } from "../text.js";
import type { Failure } from "./failures.js";
import type { Changes, Report } from "./report.js";

/** Preview's words beside those of what was really done. */
const words: Readonly<Record<keyof Changes, readonly [done: string, planned: string]>> = {
  create: ["created", "to create"],
  update: ["updated", "to update"],
  replace: ["replaced", "to replace"],
  delete: ["deleted", "to delete"],
  same: ["unchanged", "unchanged"],
};

/** `3 created, 9 unchanged in 2.1 s` */
export function summaryLine(report: Report, durationMs: number): string {
  const { changes, operation } = report;
  const failed = report.resources.filter((resource) => resource.outcome === "failed").length;
  const parts = order.flatMap((kind) => {
    const [done, planned] = words[kind];
    return changes[kind] === 0 ? [] : [`${changes[kind]} ${operation === "preview" ? planned : done}`];
  });
  if (failed > 0) parts.push(`${failed} failed`);
  const none = report.failures.length > 0 ? "nothing was done" : nothing[operation];
  return `${parts.length === 0 ? none : parts.join(", ")} in ${seconds(durationMs)}`;
}

const order = ["create", "update", "replace", "delete", "same"] as const;
const nothing: Readonly<Record<Operation, string>> = {
  up: "nothing is declared, 0 unchanged",
  preview: "nothing is declared, 0 unchanged",
  refresh: "nothing to refresh",
  destroy: "nothing to destroy",
};

/** Each failure with its resource, person and file; a message of several lines is indented under the first. */
export function failureLines(failures: readonly Failure[]): readonly string[] {
  return failures.map(({ where, message }) => {
    const text = where === undefined ? message : `${where}: ${message}`;
    return `✗ ${escapeControls(text).replaceAll("\n", "\n  ")}`;
  });
}
