/**
 * The proof before a promotion: the live document has the very key, and the authserver takes a grant signed with it
 * (contracts/baikal.md, "What follows for BaikalClientKeys").
 */
import { AuthnError } from "../errors.js";
import type { Live, LiveDocument } from "./live.js";
import { impostorsIn, kidsIn } from "./ring/document.js";
import { spanText } from "./ring/duration.js";
import { shortKid } from "./ring/plan.js";
import type { Ring } from "./ring/ring.js";
import { behindMs } from "./ring/transitions.js";

/** A Date header tells whole seconds, and a request takes a moment. */
const DATE_PRECISION_MS = 2_000;

interface Clocks {
  readonly nowMs: number;
  readonly clockSkewMs: number;
}

/**
 * A clock that errs by more than declared makes every overlap a guess. The server's is asked first: where it agrees, it was an
 * earlier run that was wrong.
 * @returns `ERR_AUTHN_PROOF_FAILED` where this machine's clock lies apart from the server's, or behind an earlier run's
 */
export function wrongClock(
  ring: Ring,
  { dateMs }: Pick<LiveDocument, "dateMs">,
  { nowMs, clockSkewMs }: Clocks,
): AuthnError | undefined {
  if (dateMs !== undefined) {
    const apart = Math.abs(dateMs - nowMs);
    if (apart <= clockSkewMs + DATE_PRECISION_MS) return undefined;
    return clockError(`lies ${spanText(apart)} from that of the server of the live document`, clockSkewMs);
  }
  const behind = behindMs(ring, nowMs);
  return behind > clockSkewMs
    ? clockError(`lies ${spanText(behind)} before that of an earlier run`, clockSkewMs)
    : undefined;
}

function clockError(how: string, clockSkewMs: number): AuthnError {
  return new AuthnError({
    code: "ERR_AUTHN_PROOF_FAILED",
    what: `This machine's clock ${how}, and clockSkew is ${spanText(clockSkewMs)}`,
    remedy: "Set the clock right; until then nothing is promoted and nothing is removed",
  });
}

/** The kids of the ring's keys that the live document has. @throws AuthnError where it has another key under a kid of the ring's */
export function kidsLive(ring: Ring, { document }: LiveDocument, live: Pick<Live, "name">): ReadonlySet<string> {
  if (document === undefined) return new Set();
  const [impostor] = impostorsIn(ring, document);
  if (impostor === undefined) return kidsIn(ring, document);
  throw new AuthnError({
    code: "ERR_AUTHN_PROOF_FAILED",
    what: `The live document at ${live.name} has another key under the kid ${impostor}`,
    remedy: "Find out who writes to that address: verifiers refuse this ring's tokens for as long as it stands",
  });
}

export function notLive(kid: string, { name }: Pick<Live, "name">): AuthnError {
  return new AuthnError({
    code: "ERR_AUTHN_PROOF_FAILED",
    what: `The live document at ${name} doesn't have the key ${shortKid(kid)}`,
    remedy: "Check that what is published gets there, and how long its caches keep it (publisherCache)",
  });
}
