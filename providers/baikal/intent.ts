/** What a declaration asks of its ring, in the ring's own terms. Pure. */
import type { BaikalAlgorithm, BaikalClientKeysInputs } from "./inputs.js";
import type { Intent } from "./ring/plan.js";
import { policyOf } from "./ring/policy.js";

export type Declared = Omit<BaikalClientKeysInputs, "initialKey">;

export function intentOf(declared: Declared): Intent {
  const { window, revoked = [], pinned, verify } = declared;
  return { policy: policyOf(declared), window, revoked, pinned, provesByGrant: verify?.grant !== undefined };
}

/** RSA of 2048 bits is what the vendor recommends (contracts/baikal.md, "Client keys"). */
const DEFAULT_ALGORITHM: BaikalAlgorithm = "RS256";
const DEFAULT_MODULUS_LENGTH = 2048;

export const algorithmOf = ({ algorithm = DEFAULT_ALGORITHM }: Pick<Declared, "algorithm">): BaikalAlgorithm =>
  algorithm;

/** Bits of the RSA keys that are made from now on. */
export const modulusLengthOf = ({ modulusLength = DEFAULT_MODULUS_LENGTH }: Pick<Declared, "modulusLength">): number =>
  modulusLength;
