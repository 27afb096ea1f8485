/** The operations that run the engine, and what an engine's step means in each. */

export const operations = ["up", "preview", "refresh", "drift", "destroy"] as const;
export type Operation = (typeof operations)[number];

export type Outcome = "created" | "updated" | "replaced" | "deleted" | "unchanged" | "failed";

/** The engine's step names (`apitype.OpType`) and what they come to for the resource; the others only prepare one of these. */
const outcomes: Readonly<Record<string, Outcome>> = {
  same: "unchanged",
  read: "unchanged",
  refresh: "unchanged",
  create: "created",
  import: "created",
  update: "updated",
  delete: "deleted",
  discard: "deleted",
  replace: "replaced",
  "create-replacement": "replaced",
  "import-replacement": "replaced",
  "delete-replaced": "replaced",
};

/** undefined where the step says nothing about the resource's fate: destroy registers everything before it deletes it. */
export function outcomeOf(operation: Operation, op: string): Outcome | undefined {
  const outcome = outcomes[op];
  return operation === "destroy" && outcome !== "deleted" ? undefined : outcome;
}

/** Of the steps of a replacement only the making of the new one counts, so that a resource is one in every total. */
export function countsAsWork(operation: Operation, op: string): boolean {
  return outcomeOf(operation, op) !== undefined && op !== "replace" && op !== "delete-replaced";
}
