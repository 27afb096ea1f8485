/**
 * The engine's record of creates that were cut off stays in the state, with a warning at every `up`, until somebody says what became
 * of them. The ledger knows: once it is resolved, the record is cleared. Facts: engine v3.228.0, whose `stack import` drops every
 * pending operation of what it is given.
 */
import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Home } from "../home.js";
import { writePrivateFile } from "../private-file.js";
import { isOurs } from "../state.js";
import { type PendingOperation, type SavedState, savedStateOf } from "./saved-state.js";

/** An import drops them all: so none of them may be another package's, or anything else than a create. */
export function mayClear(pending: readonly PendingOperation[]): boolean {
  // Of a component nothing stands outside.
  return (
    pending.length > 0 && pending.every(({ doing, type, custom }) => doing === "creating" && (isOurs(type) || !custom))
  );
}

/** A backend's states as the engine hands them out and takes them. */
export interface States<Stack> {
  exportState(stack: Stack, showSecrets: boolean): Promise<string>;
  importState(stack: Stack, file: string): Promise<void>;
}

/**
 * The state, unchanged but for them, by way of a private file that is gone afterwards. An import replaces whatever is saved by then: so
 * it is left to the next operation where another one is at work. To be called under the ledger's lock: nobody makes anything meanwhile.
 * @param isOthers whether another operation has begun, or has made what this state doesn't hold
 * @returns how many were cleared
 * @throws where the engine refuses, as it does where another one has the stack
 */
export async function clearPendingCreates<Stack>(
  automation: States<Stack>,
  stack: Stack,
  home: Pick<Home, "folder">,
  isOthers: (saved: SavedState) => Promise<boolean>,
): Promise<number> {
  const text = await automation.exportState(stack, false);
  const saved = savedStateOf(text);
  if (saved === undefined || !mayClear(saved.pending)) return 0;
  const file = join(home.folder, `state-${randomUUID()}.json`);
  try {
    await writePrivateFile(file, text);
    // A backend that is no folder shows its lock to nobody: there only what it saved meanwhile tells.
    if ((await automation.exportState(stack, false)) !== text || (await isOthers(saved))) return 0;
    await automation.importState(stack, file);
  } finally {
    await rm(file, { force: true });
  }
  return saved.pending.length;
}
