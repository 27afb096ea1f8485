/**
 * The ring turns: keys are prepared, promoted, rolled back to, taken out and revoked, each when it is due.
 */
import { dueKids } from "../due.js";
import { intentOf } from "../intent.js";
import type { RingIo } from "../io.js";
import { declaredOf, ringOf, withRing } from "../outputs.js";
import { overlapOf } from "../ring/overlap.js";
import { policyOf } from "../ring/policy.js";
import { preparedKey } from "../ring/ring.js";
import * as transition from "../ring/transitions.js";
import type { BaikalClientKeysState as State } from "../state.js";
import { assertLive, liveFault } from "./observing.js";
import { grantWith } from "./proving.js";
import { republished } from "./publishing.js";
import { warn } from "./warn.js";

/** Revoked keys leave at once; the standby takes the active one's place. */
export async function revoke(io: RingIo, before: State): Promise<State> {
  let state = before;
  const kids = dueKids(before, "revoke", io.nowMs());
  // The active one last: its successor must not be one that is revoked too.
  const { activeKid } = before;
  for (const kid of [...kids].sort((one, other) => Number(one === activeKid) - Number(other === activeKid))) {
    const ring = ringOf(state);
    const needsStandby = kid === state.activeKid && preparedKey(ring) === undefined;
    const standby = needsStandby ? await io.newKey(declaredOf(state)) : undefined;
    const nowMs = io.nowMs();
    const privateKeys =
      standby === undefined ? state.privateKeys : { ...state.privateKeys, [standby.kid]: standby.pem };
    const next = transition.revoked(ring, kid, overlapOf(ring, policyOf(state), nowMs), standby, nowMs);
    const note = next.history.at(-1)?.note;
    if (note !== undefined) warn(io, state, `revoked its active key, and the standby signs at once: ${note}`);
    state = withRing(state, next, privateKeys);
  }
  return state;
}

/** Only to a key that stands in the live document: an earlier run that broke off may have taken it out. */
export async function rollBack(io: RingIo, state: State): Promise<State> {
  const [kid] = dueKids(state, "roll back", io.nowMs());
  const ring = ringOf(state);
  if (kid === undefined) return state;
  await assertLive(io, state, kid);
  const nowMs = io.nowMs();
  return withRing(state, transition.rolledBack(ring, kid, overlapOf(ring, policyOf(state), nowMs), nowMs));
}

export async function prepare(io: RingIo, state: State): Promise<State> {
  const { pem, ...key } = await io.newKey(declaredOf(state));
  const ring = transition.prepared(ringOf(state), key, io.nowMs());
  return withRing(state, ring, { ...state.privateKeys, [key.kid]: pem });
}

/** Proof, then promotion, then a new standby. */
export async function promote(io: RingIo, before: State): Promise<State> {
  const [kid] = dueKids(before, "promote", io.nowMs());
  if (kid === undefined) return before;
  const ring = ringOf(before);
  const missing = await liveFault(io, before, kid);
  if (missing !== undefined) {
    const mended = await republished(io, before, kid);
    if (mended === undefined) throw missing;
    return mended;
  }
  await grantWith(io, before, kid);
  const nowMs = io.nowMs();
  const confirmed = intentOf(declaredOf(before)).provesByGrant ? transition.proven(ring, kid, nowMs) : ring;
  const promoted = transition.promoted(confirmed, kid, overlapOf(ring, policyOf(before), nowMs), nowMs);
  return await prepare(io, withRing(before, promoted));
}

/** Keys that have retired for the whole time leave. */
export async function remove(io: RingIo, state: State): Promise<State> {
  await assertLive(io, state, undefined);
  const nowMs = io.nowMs();
  const kids = dueKids(state, "remove", nowMs);
  return withRing(
    state,
    kids.reduce((ring, kid) => transition.removed(ring, kid, nowMs), ringOf(state)),
  );
}
