/** What stands of a ring outside when somebody looks, and how it ends (contracts/baikal.md, "Client keys"). */
import type { Observed } from "../host/lifecycle.js";
import type { RingIo } from "./io.js";
import { declaredOf, publishedOf, ringOf, stateOf, tagOf, wantedOf } from "./outputs.js";
import { type ForeignDocument, isSameDocument } from "./ring/document.js";
import { policyOf } from "./ring/policy.js";
import { timeOf } from "./ring/ring.js";
import { shown } from "./run/shown.js";
import { warn } from "./run/warn.js";
import type { BaikalClientKeysState as State } from "./state.js";

/** A ring is never gone: its keys are in the state, and a document that went or was changed is published again. */
export async function lookAtRing(io: RingIo, state: State): Promise<Observed<State>> {
  const declared = declaredOf(state);
  const standing = await io.place(declared)?.read();
  const hidden = standing === undefined || standing.kind === "hidden";
  const { document } = wantedOf(ringOf(state), tagOf(state));
  const stands = hidden || (standing.kind === "document" && isSameDocument(standing.document, document));
  const published = { ...publishedOf(state), drifted: stands ? undefined : true };
  return { gone: false, state: stateOf(ringOf(state), state.privateKeys, published, declared) };
}

/**
 * Another ring took the place, or the one that replaces this was made before this goes: its document isn't this one's to take
 * away. The first key of a document is the one that signs.
 */
function isStillOurs(state: State, { ring, keys: [first] }: ForeignDocument): boolean {
  return ring === tagOf(state) && (first === undefined || state.keys.some(({ kid }) => kid === first["kid"]));
}

/** Leaves the document, or takes it away; says what either means for the tokens that live. */
export async function endRing(io: RingIo, state: State): Promise<void> {
  const declared = declaredOf(state);
  const { tokenLifeMs, rolloutMs } = policyOf(declared);
  const livesUntil = timeOf(io.nowMs() + tokenLifeMs + rolloutMs);
  const place = io.place(declared);
  if (declared.withdraw !== true || place === undefined) {
    const where = place === undefined ? "where it was put" : `at ${place.name}`;
    warn(io, state, `its document stays ${where}; tokens signed with ${state.activeKid} live until ${livesUntil}`);
    return;
  }
  const standing = await place.read();
  if (standing.kind === "absent") return;
  const document = standing.kind === "document" ? standing.document : (await shown(io, declared))?.document;
  if (document !== undefined && !isStillOurs(state, document)) return;
  await place.remove(standing);
  warn(
    io,
    state,
    `its document is withdrawn; tokens signed until now would have lived until ${livesUntil}, and are refused`,
  );
}
