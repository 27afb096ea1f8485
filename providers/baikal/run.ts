/**
 * What one run does with a ring, inside and outside: each function takes the state one step on, or throws where it can't. When each
 * is due says the ring (`ring/plan.ts`), in which order they come says the lifecycle.
 */
import { AuthnError, isAuthnError } from "../errors.js";
import { concealedTexts } from "../host/concealed.js";
import { redact } from "../http/redact.js";
import { dueKids } from "./due.js";
import { baikalErrorKind } from "./errors.js";
import { strangersIn } from "./foreignKeys.js";
import { algorithmOf, type Declared, intentOf } from "./intent.js";
import type { RingIo } from "./io.js";
import type { Live, LiveDocument } from "./live.js";
import { declaredOf, publishedOf, ringOf, stateOf, wantedOf, withRing } from "./outputs.js";
import type { Standing } from "./places/place.js";
import { kidsLive, notLive, wrongClock } from "./proof.js";
import { isSameDocument, kidsIn } from "./ring/document.js";
import { governed, overlapOf } from "./ring/overlap.js";
import { isUnseen } from "./ring/plan.js";
import { policyOf } from "./ring/policy.js";
import { activeKey, at, preparedKey, type Ring, type RingKey, recorded, timeOf } from "./ring/ring.js";
import * as transition from "./ring/transitions.js";
import type { BaikalClientKeysState as State } from "./state.js";

/** Today's declaration, clock and addresses. By a clock that is wrong nothing is judged but what is revoked. */
export async function takeIn(io: RingIo, before: State, declared: Declared): Promise<State> {
  const fault = await clockFault(io, ringOf(before), declared);
  if (fault !== undefined) return onlyRevoked(io, before, declared, fault);
  const nowMs = io.nowMs();
  const governing = governed(transition.judged(ringOf(before), nowMs), policyOf(declared), nowMs);
  const { epoch, pinned } = declared;
  const ring = epoch === undefined ? governing : { ...governing, anchoredAt: timeOf(at(epoch)) };
  if (pinned !== undefined) assertPinnable(ring, pinned);
  const place = io.place(declared)?.name;
  const liveAt = io.live(declared)?.name;
  const issuer = io.issuer(declared);
  if (place === before.place && liveAt === before.liveAt)
    return stateOf(ring, before.privateKeys, { ...publishedOf(before), issuer }, declared);
  const arrived = { issuer, place, liveAt, publishedDigest: undefined, drifted: undefined };
  return stateOf(transition.moved(ring, nowMs), before.privateKeys, arrived, declared);
}

/** An address that doesn't answer tells nothing of the clock; what needs it finds that out. */
export async function clockFault(io: RingIo, ring: Ring, declared: Declared): Promise<AuthnError | undefined> {
  const { clockSkewMs } = policyOf(declared);
  let dateMs: number | undefined;
  try {
    dateMs = (await io.live(declared)?.fetch())?.dateMs;
  } catch (error) {
    if (!isAuthnError(error)) throw error;
  }
  return wrongClock(ring, { dateMs }, { nowMs: io.nowMs(), clockSkewMs });
}

/** A stolen key waits for no clock. All else does: times that are written down wrongly would shorten an overlap. */
function onlyRevoked(io: RingIo, before: State, { revoked = [] }: Declared, fault: AuthnError): State {
  if (!before.keys.some(({ kid }) => revoked.includes(kid))) throw fault;
  warn(io, before, `${fault.what}: what is revoked leaves, and all else waits`);
  const { pinned: _, ...declared } = declaredOf(before);
  return stateOf(ringOf(before), before.privateKeys, publishedOf(before), { ...declared, revoked });
}

function assertPinnable({ keys }: Ring, pinned: string): void {
  const target = keys.find(({ kid }) => kid === pinned);
  if (target !== undefined && target.foreign !== true) return;
  const own = keys.filter(({ foreign }) => foreign !== true).map(({ kid, state }) => `${kid} (${state})`);
  throw new AuthnError({
    code: "ERR_AUTHN_INPUT",
    what: `pinned names ${target === undefined ? "no key of this ring" : "a key whose private half isn't here"}: ${pinned}`,
    remedy: `Pin one of ${own.join(", ")}, or remove pinned`,
  });
}

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

/** Brings the document to what the ring is. What others put there is kept for as long as a token of it may be shown. */
export async function publish(io: RingIo, before: State): Promise<State> {
  const declared = declaredOf(before);
  const place = io.place(declared);
  if (place === undefined) return settled(before, ringOf(before), io);
  const standing = await place.read();
  const ring = await joined(io, before, standing, place.name);
  const { document, text } = wantedOf(ring, declared.owner);
  const stands = standing.kind === "document" && isSameDocument(standing.document, document);
  if (!stands) await place.write(text, standing);
  return settled(before, ring, io);
}

function settled(before: State, ring: Ring, io: RingIo): State {
  const published = transition.published(ring, io.nowMs());
  const { digest } = wantedOf(published, before.owner);
  const where = { ...publishedOf(before), publishedDigest: digest, drifted: undefined };
  return stateOf(published, before.privateKeys, where, declaredOf(before));
}

async function joined(io: RingIo, state: State, standing: Standing, place: string): Promise<Ring> {
  if (standing.kind === "hidden") return ringOf(state);
  if (standing.kind === "absent") return transition.missed(ringOf(state), new Set());
  const { document } = standing;
  const ring = transition.missed(ringOf(state), kidsIn(ringOf(state), document));
  const { jwks, adopt, revoked = [] } = state;
  if (document.ring !== undefined && document.ring !== jwks.ring && adopt !== "always") throw anothersDocument(place);
  const strangers = await strangersIn({ ring, document, algorithm: algorithmOf(state), revoked, place });
  const nowMs = io.nowMs();
  const grown = transition.kept(ring, strangers, overlapOf(ring, policyOf(state), nowMs), nowMs);
  const added = grown.keys.length - ring.keys.length;
  if (added > 0)
    warn(io, state, `keeps ${added} key(s) that others put into ${place} until no token of theirs can live`);
  return grown;
}

export function anothersDocument(place: string): AuthnError {
  return new AuthnError({
    code: "ERR_AUTHN_ALREADY_EXISTS",
    what: `The document at ${place} belongs to another ring`,
    remedy:
      'Publish to a place of its own; `adopt: "always"` takes it over and keeps its keys until their tokens have run out',
  });
}

/** Looks for the ring's keys in the live document. One that isn't there yet may be held back by a cache, for a while. */
export async function observe(io: RingIo, state: State): Promise<State> {
  const declared = declaredOf(state);
  const live = io.live(declared);
  if (live === undefined) return state;
  const before = ringOf(state);
  const isAwaited = io.place(declared) === undefined && lateKey(before, state, io.nowMs()) === undefined;
  const fetched = await fetchedFrom(live, isAwaited);
  // What shows the document may be made of this ring's outputs, and so only after it.
  if (fetched === undefined) return state;
  assertClock(io, state, fetched);
  const nowMs = io.nowMs();
  const found = transition.seen(before, kidsLive(before, fetched, live), nowMs);
  const late = lateKey(found, state, nowMs);
  if (late !== undefined) throw notLive(late.kid, live);
  return withRing(state, found);
}

async function fetchedFrom(live: Live, isAwaited: boolean): Promise<LiveDocument | undefined> {
  try {
    return await live.fetch();
  } catch (error) {
    if (isAwaited && isAuthnError(error)) return undefined;
    throw error;
  }
}

/** A key that ought to be in the live document by now, and wasn't found there. */
function lateKey({ keys, judgedAt }: Ring, declared: Declared, nowMs: number): RingKey | undefined {
  const { publisherCacheMs, clockSkewMs } = policyOf(declared);
  return keys.find((key) => {
    return isUnseen(key) && nowMs > at(key.publishedAt ?? judgedAt) + publisherCacheMs + clockSkewMs;
  });
}

/** A grant with the active key, which signs unproven: the first one, or one that an emergency made active. */
export async function proveActive(io: RingIo, state: State): Promise<State> {
  await grantWith(io, state, state.activeKid);
  return withRing(state, transition.proven(ringOf(state), state.activeKid, io.nowMs()));
}

/** After create: what a verifier of an older document refuses is proven once it must know the key; else a failure is one. */
export async function proveFirst(io: RingIo, state: State): Promise<State> {
  const { provesByGrant, policy } = intentOf(declaredOf(state));
  const active = activeKey(ringOf(state));
  if (!provesByGrant || active.seenAt === undefined) return state;
  try {
    return await proveActive(io, state);
  } catch (error) {
    const knownMs = at(active.seenAt) + policy.leadMs;
    if (!isAuthnError(error) || baikalErrorKind(error) !== "invalid-grant" || io.nowMs() >= knownMs) throw error;
    warn(io, state, `its first key isn't proven yet: ${error.message}. It is tried again from ${timeOf(knownMs)} on`);
    return state;
  }
}

/** Proof, then promotion, then a new standby. */
export async function promote(io: RingIo, before: State): Promise<State> {
  const [kid] = dueKids(before, "promote", io.nowMs());
  if (kid === undefined) return before;
  const ring = ringOf(before);
  await assertLive(io, before, kid);
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

/** The clock is right, and the live document has the key. */
async function assertLive(io: RingIo, state: State, kid: string | undefined): Promise<void> {
  const live = io.live(declaredOf(state));
  const ring = ringOf(state);
  if (live === undefined) throw new TypeError("a ring that is shown nowhere is refused by check");
  const fetched = await live.fetch();
  assertClock(io, state, fetched);
  if (kid !== undefined && !kidsLive(ring, fetched, live).has(kid)) throw notLive(kid, live);
}

function assertClock(io: RingIo, state: State, fetched: LiveDocument): void {
  const { clockSkewMs } = policyOf(state);
  const fault = wrongClock(ringOf(state), fetched, { nowMs: io.nowMs(), clockSkewMs });
  if (fault !== undefined) throw fault;
}

async function grantWith(io: RingIo, state: State, kid: string): Promise<void> {
  const pem = state.privateKeys[kid];
  if (pem === undefined) throw new TypeError("the ring has the private half of what it proves");
  await io.grant(declaredOf(state), { kid, pem });
}

/** Does a step that proves something. What fails is a failure of the run, or a warning and an entry in the history: as declared. */
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

/** An hourly failure of one cause is one entry: the first. */
function failed(before: Ring, note: string, nowMs: number): Ring {
  const last = before.history.at(-1);
  if (last?.event === "proof failed" && last.note === note) return before;
  return recorded(before, nowMs, "proof failed", activeKey(before).kid, note);
}

/** Characters of a history's note. */
const NOTE_LENGTH = 300;

export function warn(io: RingIo, declared: Declared, line: string): void {
  io.warn(redact(`BaikalClientKeys ${declared.owner.name}: ${line}`, concealedTexts({ ...declared }), WARNING_LENGTH));
}

const WARNING_LENGTH = 2_000;
