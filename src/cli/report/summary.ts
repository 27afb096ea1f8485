/** The last lines of an operation for a person: what happened in numbers, then each failure. */
import type { Operation } from "../operations.js";
import { seconds } from "../progress/render.js";
import { escapeControls } from "../text.js";
import type { Failure } from "./failures.js";
import type { Changes, Report } from "./report.js";

type Words = Readonly<Record<keyof Changes, string>>;
const done: Words = {
  create: "created",
  update: "updated",
  replace: "replaced",
  delete: "deleted",
  same: "unchanged",
};
const words: Readonly<Record<Operation, Words>> = {
  up: done,
  preview: { create: "to create", update: "to update", replace: "to replace", delete: "to delete", same: "unchanged" },
  refresh: done,
  drift: { ...done, update: "different", delete: "gone", same: "as the state has them" },
  destroy: done,
};

/** `3 created, 9 unchanged in 2.1 s` */
export function summaryLine(report: Report, durationMs: number): string {
  return `${countsText(report)} in ${seconds(durationMs)}`;
}

/** `3 created, 9 unchanged` */
export function countsText({ changes, operation, resources, failures }: Report): string {
  const failed = resources.filter((resource) => resource.outcome === "failed").length;
  const parts = order.flatMap((kind) => (changes[kind] === 0 ? [] : [`${changes[kind]} ${words[operation][kind]}`]));
  if (failed > 0) parts.push(`${failed} failed`);
  const none = failures.length > 0 ? "nothing was done" : nothing[operation];
  return parts.length === 0 ? none : parts.join(", ");
}

const order = ["create", "update", "replace", "delete", "same"] as const;
const nothing: Readonly<Record<Operation, string>> = {
  up: "nothing is declared, 0 unchanged",
  preview: "nothing is declared, 0 unchanged",
  refresh: "nothing to refresh",
  drift: "nothing to check",
  destroy: "nothing to destroy",
};

/** Each failure with its resource, person and file; a message of several lines is indented under the first. */
export function failureLines(failures: readonly Failure[]): readonly string[] {
  return failureTexts(failures).map((text) => `✗ ${text.replaceAll("\n", "\n  ")}`);
}

export function failureTexts(failures: readonly Failure[]): readonly string[] {
  return failures.map(({ where, message }) => escapeControls(where === undefined ? message : `${where}: ${message}`));
}
