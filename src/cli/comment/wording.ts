/** What a comment says of each outcome, by operation: of what is planned, of what was done, and of what a look at the services found. */
import type { Operation, Outcome } from "../operations.js";

/** What is irreversible comes first: of a long comment the end may be cut off. */
export const sections = ["failed", "deleted", "replaced", "updated", "created"] as const satisfies readonly Outcome[];

type Titles = Readonly<Record<(typeof sections)[number], string>>;

const done: Titles = {
  failed: "Failed",
  deleted: "Went",
  replaced: "Replaced",
  updated: "Changed",
  created: "Came",
};
const found: Titles = { ...done, deleted: "Gone", updated: "Different" };

export const titles: Readonly<Record<Operation, Titles>> = {
  up: done,
  preview: { failed: "Fails", deleted: "Goes", replaced: "Is replaced", updated: "Changes", created: "Comes" },
  refresh: found,
  drift: found,
  destroy: done,
};

export const headings: Readonly<Record<Operation, string>> = {
  up: "Update of stack",
  preview: "Preview of stack",
  refresh: "Refresh of stack",
  drift: "Drift of stack",
  destroy: "Destruction of stack",
};
