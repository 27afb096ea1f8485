/**
 * The proof of a key: a grant signed with it, which the authserver takes.
 */
import { isAuthnError } from "../../errors.js";
import { baikalErrorKind } from "../errors.js";
import { intentOf } from "../intent.js";
import type { RingIo } from "../io.js";
import { declaredOf, ringOf, withRing } from "../outputs.js";
import { activeKey, at, timeOf } from "../ring/ring.js";
import * as transition from "../ring/transitions.js";
import type { BaikalClientKeysState as State } from "../state.js";
import { warn } from "./warn.js";

/** A grant with the active key, which signs unproven: the first one, or one that an emergency made active. */
export async function proveActive(io: RingIo, state: State): Promise<State> {
  await grantWith(io, state, state.activeKid);
  return withRing(state, transition.proven(ringOf(state), state.activeKid, io.nowMs()));
}

/** After create: what a verifier of an older document refuses is proven once it must know the key; else a failure is one. */
export async function proveFirst(io: RingIo, state: State): Promise<State> {
  const { provesByGrant, policy } = intentOf(declaredOf(state));
  const active = activeKey(ringOf(state));
  if (!provesByGrant || active.seenAt === undefined || isElsewhere(io, state)) return state;
  try {
    return await proveActive(io, state);
  } catch (error) {
    const knownMs = at(active.seenAt) + policy.leadMs;
    if (!isAuthnError(error) || baikalErrorKind(error) !== "invalid-grant" || io.nowMs() >= knownMs) throw error;
    warn(io, state, `its first key isn't proven yet: ${error.message}. It is tried again from ${timeOf(knownMs)} on`);
    return state;
  }
}

/** Another place was declared since: the document gets there first, and the proof is due after the lead there. */
function isElsewhere(io: RingIo, state: State): boolean {
  const declared = declaredOf(state);
  return io.place(declared)?.name !== state.place || io.live(declared)?.name !== state.liveAt;
}

export async function grantWith(io: RingIo, state: State, kid: string): Promise<void> {
  const pem = state.privateKeys[kid];
  if (pem === undefined) throw new TypeError("the ring has the private half of what it proves");
  await io.grant(declaredOf(state), { kid, pem });
}
