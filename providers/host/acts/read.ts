/** read: the truth, and what only the ledger knows of it; unfinished work is never called gone (design: "One lifecycle contract"). */
import { revisionOf } from "../ledger/revision.js";
import type { CommonInputs, StateFrame } from "../lifecycle.js";
import { parseState } from "../state.js";
import type { Acting } from "./acting.js";
import { isChange } from "./look.js";

export type Read<State> =
  | { readonly kind: "gone" }
  | { readonly kind: "unfinished" | "stands"; readonly state: State; readonly frame: StateFrame };

/** @param open opens the session: what is unfinished asks no service */
export async function read<Inputs extends CommonInputs, State extends object, Settings, Session>(
  { lifecycle, standing }: Pick<Acting<Inputs, State, Settings, Session>, "lifecycle" | "standing">,
  open: () => Promise<Session>,
  id: string,
  properties: Readonly<Record<string, unknown>>,
): Promise<Read<State>> {
  const revision = revisionOf(lifecycle.type, id, properties);
  const ahead = standing.ahead(revision);
  const saved = parseState(lifecycle, ahead?.state ?? properties);
  const { state } = saved;
  // The engine hears it here, and has it saved only at the end.
  if (ahead === undefined) standing.confirm(revision);
  else standing.handOver(ahead.revision);
  const frame: StateFrame =
    ahead === undefined ? saved.frame : { ...saved.frame, open: ahead.open, revision: ahead.revision };
  if (frame.open !== undefined && !isChange(lifecycle, frame.open)) return { kind: "unfinished", state, frame };
  const observed = await lifecycle.read(await open(), id, state);
  return observed.gone ? { kind: "gone" } : { kind: "stands", state: observed.state, frame };
}
