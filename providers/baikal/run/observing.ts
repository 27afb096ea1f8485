/** Looking for the ring's keys in the live document, by a clock that is right. */
import { type AuthnError, isAuthnError } from "../../errors.js";
import type { Declared } from "../intent.js";
import type { RingIo } from "../io.js";
import type { Live, LiveDocument } from "../live.js";
import { declaredOf, ringOf, withRing } from "../outputs.js";
import { kidsLive, notLive } from "../proof.js";
import { isUnseen } from "../ring/plan.js";
import { policyOf } from "../ring/policy.js";
import { at, type Ring, type RingKey } from "../ring/ring.js";
import * as transition from "../ring/transitions.js";
import type { BaikalClientKeysState as State } from "../state.js";
import { republished } from "./publishing.js";
import { clockFault } from "./shown.js";
import { warn } from "./warn.js";

/** Looks for the ring's keys in the live document. One that isn't there yet may be held back by a cache, for a while. */
export async function observe(io: RingIo, state: State): Promise<State> {
  const declared = declaredOf(state);
  const live = io.live(declared);
  if (live === undefined) return state;
  const before = ringOf(state);
  const fetched = await fetchedFrom(io, state, live);
  if (fetched === undefined) return state;
  assertClock(io, state, fetched);
  const nowMs = io.nowMs();
  const found = transition.seen(before, kidsLive(before, fetched, live), nowMs);
  const late = lateKey(found, state, nowMs);
  if (late === undefined) return withRing(state, found);
  const mended = await republished(io, withRing(state, found), late.kid);
  if (mended !== undefined) return mended;
  unlessFed(io, state, notLive(late.kid, live));
  return withRing(state, found);
}

async function fetchedFrom(io: RingIo, state: State, live: Live): Promise<LiveDocument | undefined> {
  try {
    return await live.fetch();
  } catch (error) {
    if (!isAuthnError(error)) throw error;
    unlessFed(io, state, error);
    return undefined;
  }
}

/**
 * What shows the document may be made of this ring's outputs, and so after it: a run that failed here would never get that far, and
 * the key never there. Nothing is promoted unseen either way.
 */
function unlessFed(io: RingIo, state: State, fault: AuthnError): void {
  if (io.place(declaredOf(state)) !== undefined) throw fault;
  if (lateKey(ringOf(state), state, io.nowMs()) !== undefined) warn(io, state, `${fault.what}. ${fault.remedy}`);
}

/** A key that ought to be in the live document by now, and wasn't found there. */
function lateKey({ keys, judgedAt }: Ring, declared: Declared, nowMs: number): RingKey | undefined {
  const { publisherCacheMs, clockSkewMs } = policyOf(declared);
  return keys.find((key) => {
    return isUnseen(key) && nowMs > at(key.publishedAt ?? judgedAt) + publisherCacheMs + clockSkewMs;
  });
}

/** The clock is right, and the live document has the key. */
export async function assertLive(io: RingIo, state: State, kid: string | undefined): Promise<void> {
  const fault = await liveFault(io, state, kid);
  if (fault !== undefined) throw fault;
}

/** What it is where the live document lacks the key. @throws whatever else is wrong with the document or the clock */
export async function liveFault(io: RingIo, state: State, kid: string | undefined): Promise<AuthnError | undefined> {
  const live = io.live(declaredOf(state));
  if (live === undefined) throw new TypeError("a ring that is shown nowhere is refused by check");
  const fetched = await live.fetch();
  assertClock(io, state, fetched);
  return kid === undefined || kidsLive(ringOf(state), fetched, live).has(kid) ? undefined : notLive(kid, live);
}

function assertClock(io: RingIo, state: State, fetched: LiveDocument): void {
  const fault = clockFault(io, ringOf(state), state, fetched);
  if (fault !== undefined) throw fault;
}
