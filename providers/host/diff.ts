/**
 * diff, pure and offline: which declared properties differ from what the state stands for, and what that means. The owner is
 * ignored; an open step is always a change, since a refresh clears the engine's own mark of a half-made resource.
 */
import { isDeepStrictEqual } from "node:util";
import type { CommonInputs, Lifecycle, StateFrame } from "./lifecycle.js";

export interface Difference {
  /** undefined: the engine compares the inputs itself, which shows a person the details. */
  readonly changes: boolean | undefined;
  readonly replaces: readonly string[];
  readonly deleteBeforeReplace: boolean;
}

export function difference<Inputs extends CommonInputs, State extends object>(
  lifecycle: Pick<
    Lifecycle<Inputs, State, unknown, unknown>,
    "properties" | "inputsOf" | "effective" | "outputsDrifted"
  >,
  state: State,
  frame: StateFrame,
  news: Readonly<Record<string, unknown>>,
  isDue: boolean,
): Difference {
  const before = lifecycle.effective(Object.fromEntries(Object.entries(lifecycle.inputsOf(state))));
  const after = lifecycle.effective(news);
  const changed = Object.entries(lifecycle.properties).filter(
    ([name, rule]) => rule !== "ignore" && !isDeepStrictEqual(before[name], after[name]),
  );
  // Unfinished work is finished before anybody asks whether it has drifted.
  const drifted = frame.open === undefined ? lifecycle.outputsDrifted?.(state) : undefined;
  const replaces = [
    ...changed.filter(([, rule]) => rule === "replace").map(([name]) => name),
    // The engine wants a property's name for it; a person reads it in a preview.
    ...(drifted === "replace" ? ["drift"] : []),
  ];
  if (frame.open !== undefined || drifted !== undefined) return { changes: true, replaces, deleteBeforeReplace: true };
  if (changed.length > 0) return { changes: undefined, replaces, deleteBeforeReplace: true };
  return { changes: isDue, replaces, deleteBeforeReplace: true };
}
