/** What stands, where the state can't be relied on: an in-place change whose answer was lost may have been made. */
import type { CommonInputs, Lifecycle, OpenStep } from "../lifecycle.js";
import type { Acting } from "./acting.js";

/** A failed in-place change is no step: what it was to change is complete, and shows whether it is still needed. */
export function isChange<Inputs extends CommonInputs, State extends object, Settings, Session>(
  { changes }: Pick<Lifecycle<Inputs, State, Settings, Session>, "changes">,
  { step }: OpenStep,
): boolean {
  return changes.some(({ name }) => name === step);
}

/** The state as it is to be gone on with: with an open step as it was left, else as the service shows it. */
export async function lookedAt<Inputs extends CommonInputs, State extends object, Settings, Session>(
  { lifecycle, session }: Acting<Inputs, State, Settings, Session>,
  id: string,
  state: State,
  open: OpenStep | undefined,
): Promise<"gone" | { readonly state: State; readonly open: OpenStep | undefined }> {
  if (open !== undefined && !isChange(lifecycle, open)) return { state, open };
  const observed = await lifecycle.read(session, id, state);
  return observed.gone ? "gone" : { state: observed.state, open: undefined };
}
