/** The algorithms that a credential may have, in the order in which they are offered (contracts/hanko.md, "Accepted"). */
import { COSEALG } from "@simplewebauthn/server/helpers";

/** COSE algorithm identifiers. */
export const algorithms: readonly number[] = [
  COSEALG.ES256,
  COSEALG.ES384,
  COSEALG.ES512,
  COSEALG.RS256,
  COSEALG.RS384,
  COSEALG.RS512,
  COSEALG.PS256,
  COSEALG.EdDSA,
];
