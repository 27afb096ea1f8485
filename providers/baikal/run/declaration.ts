/** How a run begins: it takes in what is declared today, the clock, the addresses, and whether the run before came through. */
import { AuthnError } from "../../errors.js";
import { type Declared, modulusLengthOf } from "../intent.js";
import type { RingIo } from "../io.js";
import { declaredOf, publishedOf, ringOf, stateOf } from "../outputs.js";
import { governed, overlapOf } from "../ring/overlap.js";
import { policyOf } from "../ring/policy.js";
import { at, type Ring, timeOf } from "../ring/ring.js";
import * as transition from "../ring/transitions.js";
import type { BaikalClientKeysState as State } from "../state.js";
import { clockFault, shown } from "./shown.js";
import { warn, warnOfLargeKeys } from "./warn.js";

/** Today's declaration, clock and addresses. By a clock that is wrong nothing is judged but what is revoked. */
export async function takeIn(io: RingIo, before: State, declared: Declared, isResumed: boolean): Promise<State> {
  const fault = clockFault(io, ringOf(before), declared, await shown(io, declared));
  if (fault !== undefined) return onlyRevoked(io, before, declared, fault);
  const nowMs = io.nowMs();
  const policy = policyOf(declared);
  const known = ringOf(before);
  const { retireAfterMs } = overlapOf(known, policy, nowMs);
  const latestMs = nowMs + policy.clockSkewMs;
  const standing = isResumed ? transition.retiringAnew(known, { retireAfterMs }, nowMs, latestMs) : known;
  const governing = governed(transition.judged(standing, nowMs), policy, nowMs);
  const { epoch } = declared;
  const ring = epoch === undefined ? governing : { ...governing, anchoredAt: timeOf(at(epoch)) };
  const fit = pinnable(io, ring, declared, latestMs);
  warnOfUnknown(io, ring, before, declared);
  if (modulusLengthOf(declared) !== modulusLengthOf(before)) warnOfLargeKeys(io, declared);
  const place = io.place(declared)?.name;
  const liveAt = io.live(declared)?.name;
  const issuer = io.issuer(declared);
  // What a run that failed has done outside is looked at: a key that it took out must not count as one that everybody knows.
  const published = {
    ...publishedOf(before),
    issuer,
    waits: undefined,
    ...(isResumed ? { publishedDigest: undefined } : {}),
  };
  if (place === before.place && liveAt === before.liveAt) return stateOf(ring, before.privateKeys, published, fit);
  const arrived = { ...published, place, liveAt, publishedDigest: undefined, drifted: undefined };
  // Verifiers that look where they looked before forget nothing: an address that takes PUT may be signed anew for each run.
  const there = liveAt === before.liveAt ? ring : transition.moved(ring, nowMs);
  return stateOf(there, before.privateKeys, arrived, fit);
}

/** A kid that is revoked and was never here is mistyped, perhaps: the stolen key would sign on. */
function warnOfUnknown(io: RingIo, { keys, former }: Ring, before: State, declared: Declared): void {
  const known = new Set([...former, ...(before.revoked ?? []), ...keys.map(({ kid }) => kid)]);
  const unknown = (declared.revoked ?? []).filter((kid) => !known.has(kid));
  if (unknown.length > 0) warn(io, declared, `revoked names no key of this ring: ${unknown.join(", ")}`);
}

/** A stolen key waits for no clock. All else does: times that are written down wrongly would shorten an overlap. */
function onlyRevoked(io: RingIo, before: State, { revoked = [] }: Declared, fault: AuthnError): State {
  if (!before.keys.some(({ kid }) => revoked.includes(kid))) throw fault;
  warn(io, before, `${fault.what}. What is revoked leaves, verifiers may refuse what signs then, and all else waits`);
  const { pinned: _, ...declared } = declaredOf(before);
  const waiting = { ...publishedOf(before), waits: true };
  return stateOf(ringOf(before), before.privateKeys, waiting, { ...declared, revoked });
}

/**
 * The declaration, with what is pinned there if it can be. A pin that can't be kept fails the run, but for a revocation: that waits
 * for nothing, and the pin is told of then.
 * @param latestMs what any run's clock may show by now: one may have taken out, unsaved, what has retired by it
 */
function pinnable(io: RingIo, ring: Ring, declared: Declared, latestMs: number): Declared {
  const { pinned, ...unpinned } = declared;
  const fault = pinned === undefined ? undefined : pinFault(ring, pinned, latestMs);
  if (fault === undefined) return declared;
  if (!ring.keys.some(({ kid }) => declared.revoked?.includes(kid))) throw fault;
  warn(io, declared, `${fault.what}. What is revoked leaves all the same`);
  return unpinned;
}

function pinFault({ keys }: Ring, pinned: string, latestMs: number): AuthnError | undefined {
  const target = keys.find(({ kid }) => kid === pinned);
  const isOver = target?.removeAt !== undefined && latestMs >= at(target.removeAt);
  if (target !== undefined && target.foreign !== true && !isOver) return undefined;
  const own = keys.filter(({ foreign }) => foreign !== true).map(({ kid, state }) => `${kid} (${state})`);
  const unknown = target === undefined ? "no key of this ring" : "a key whose private half isn't here";
  return new AuthnError({
    code: "ERR_AUTHN_INPUT",
    what: `pinned names ${isOver ? "a key that has retired for its whole time" : unknown}: ${pinned}`,
    remedy: `Pin one of ${own.filter((text) => !text.startsWith(pinned)).join(", ")}, or remove pinned`,
  });
}
