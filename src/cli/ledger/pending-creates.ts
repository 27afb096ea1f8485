/**
 * The engine's record of creates that were cut off stays in the state, with a warning at every `up`, until somebody says what became
 * of them. The ledger knows: once it is resolved, the record is cleared. Facts: engine v3.228.0, whose `stack import` drops every
 * pending operation of what it is given.
 */
import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Automation, BareStack } from "../automation.js";
import type { Home } from "../home.js";
import { writePrivateFile } from "../private-file.js";
import { isOurs } from "../state.js";
import { type PendingOperation, savedStateOf } from "./saved-state.js";

/** An import drops them all: so none of them may be another package's, or anything else than a create. */
export function mayClear(pending: readonly PendingOperation[]): boolean {
  // Of a component nothing stands outside.
  return (
    pending.length > 0 && pending.every(({ doing, type, custom }) => doing === "creating" && (isOurs(type) || !custom))
  );
}

/**
 * The state, unchanged but for them, by way of a private file that is gone afterwards.
 * @returns how many were cleared
 */
export async function clearPendingCreates(automation: Automation, stack: BareStack, home: Home): Promise<number> {
  const text = await automation.exportState(stack, false);
  const pending = savedStateOf(text)?.pending ?? [];
  if (!mayClear(pending)) return 0;
  const file = join(home.folder, `state-${randomUUID()}.json`);
  try {
    await writePrivateFile(file, text);
    await automation.importState(stack, file);
  } finally {
    await rm(file, { force: true });
  }
  return pending.length;
}
