/** Steps that prove something: what fails there is a failure of the run, or a warning and an entry in the history, as declared. */
import { isAuthnError } from "../../errors.js";
import { concealedTexts } from "../../host/concealed.js";
import { redact } from "../../http/redact.js";
import type { RingIo } from "../io.js";
import { ringOf, withRing } from "../outputs.js";
import { activeKey, type Ring, recorded } from "../ring/ring.js";
import type { BaikalClientKeysState as State } from "../state.js";
import { warn } from "./warn.js";

export async function tried(
  io: RingIo,
  state: State,
  attempt: (io: RingIo, state: State) => Promise<State>,
): Promise<State> {
  try {
    return await attempt(io, state);
  } catch (error) {
    if (state.onFailedProof !== "warn" || !isAuthnError(error)) throw error;
    warn(io, state, `${error.message} (the active key stays)`);
    return withRing(state, failed(ringOf(state), redact(error.what, concealedTexts(state), NOTE_LENGTH), io.nowMs()));
  }
}

/** An hourly failure of one cause is one entry, the first, though the span that it tells of grows. */
function failed(before: Ring, note: string, nowMs: number): Ring {
  const last = before.history.at(-1);
  if (last?.event === "proof failed" && unnumbered(last.note) === unnumbered(note)) return before;
  return recorded(before, nowMs, "proof failed", activeKey(before).kid, note);
}

/** Characters of a history's note. */
const NOTE_LENGTH = 300;

const unnumbered = (note = ""): string => note.replace(/\d+/g, "");
