/** The algorithms that a credential may have, in the order in which they are offered (contracts/hanko.md, "Accepted"). */

const coseAlgorithms = {
  ES256: -7,
  ES384: -35,
  ES512: -36,
  RS256: -257,
  RS384: -258,
  RS512: -259,
  PS256: -37,
  EdDSA: -8,
};

/** COSE algorithm identifiers (RFC 9053 §2, RFC 8812 §2). */
export const algorithms: readonly number[] = Object.values(coseAlgorithms);
