/** The document as verifiers find it, for whoever can do without, and what its server says of the clock. */
import { type AuthnError, isAuthnError } from "../../errors.js";
import type { Declared } from "../intent.js";
import type { RingIo } from "../io.js";
import type { LiveDocument } from "../live.js";
import { wrongClock } from "../proof.js";
import { policyOf } from "../ring/policy.js";
import type { Ring } from "../ring/ring.js";

/** What is live, where it can be had: an address that doesn't answer tells nothing, and what needs it finds that out. */
export async function shown(io: RingIo, declared: Declared): Promise<LiveDocument | undefined> {
  try {
    return await io.live(declared)?.fetch();
  } catch (error) {
    if (!isAuthnError(error)) throw error;
    return undefined;
  }
}

/** Why this run's clock can't be gone by; undefined: it can, as far as anybody tells. */
export function clockFault(
  io: RingIo,
  ring: Ring,
  declared: Declared,
  { dateMs }: Pick<LiveDocument, "dateMs"> = { dateMs: undefined },
): AuthnError | undefined {
  const { clockSkewMs } = policyOf(declared);
  return wrongClock(ring, { dateMs }, { nowMs: io.nowMs(), clockSkewMs });
}
