/**
 * The document as verifiers find it, and what its server says of the clock: for whoever can do without.
 */
import { type AuthnError, isAuthnError } from "../../errors.js";
import type { Declared } from "../intent.js";
import type { RingIo } from "../io.js";
import type { LiveDocument } from "../live.js";
import { wrongClock } from "../proof.js";
import type { ForeignDocument } from "../ring/document.js";
import { policyOf } from "../ring/policy.js";
import type { Ring } from "../ring/ring.js";

/** An address that doesn't answer tells nothing of the clock; what needs it finds that out. */
export async function clockFault(io: RingIo, ring: Ring, declared: Declared): Promise<AuthnError | undefined> {
  const { clockSkewMs } = policyOf(declared);
  const { dateMs } = (await shown(io, declared)) ?? { dateMs: undefined };
  return wrongClock(ring, { dateMs }, { nowMs: io.nowMs(), clockSkewMs });
}

/** The document that verifiers find, where one can be had. */
export async function shownOf(io: RingIo, declared: Declared): Promise<ForeignDocument | undefined> {
  return (await shown(io, declared))?.document;
}

async function shown(io: RingIo, declared: Declared): Promise<LiveDocument | undefined> {
  try {
    return await io.live(declared)?.fetch();
  } catch (error) {
    if (!isAuthnError(error)) throw error;
    return undefined;
  }
}
