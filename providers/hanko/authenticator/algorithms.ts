/**
 * The signature algorithms of the software authenticator: their COSE numbers (RFC 9053, RFC 8152 §8, RFC 8812) and which key,
 * hash and padding each takes.
 */
import { constants } from "node:crypto";
import type { HankoAlgorithm } from "../inputs.js";

/** COSE names the curve by a number (RFC 9053 §7.1). */
interface EcKey {
  readonly type: "ec";
  readonly curve: "prime256v1" | "secp384r1" | "secp521r1";
  readonly coseCurve: number;
}
interface OkpKey {
  readonly type: "ed25519";
  readonly coseCurve: number;
}
interface RsaKey {
  readonly type: "rsa";
  readonly padding: number;
}

export interface Algorithm {
  /** COSEAlgorithmIdentifier. */
  readonly cose: number;
  /** null: the algorithm hashes by itself. */
  readonly hash: "sha256" | "sha384" | "sha512" | null;
  readonly key: EcKey | OkpKey | RsaKey;
}

const PKCS1: RsaKey = { type: "rsa", padding: constants.RSA_PKCS1_PADDING };
const PSS: RsaKey = { type: "rsa", padding: constants.RSA_PKCS1_PSS_PADDING };

export const ALGORITHMS: Readonly<Record<HankoAlgorithm, Algorithm>> = {
  ES256: { cose: -7, hash: "sha256", key: { type: "ec", curve: "prime256v1", coseCurve: 1 } },
  EdDSA: { cose: -8, hash: null, key: { type: "ed25519", coseCurve: 6 } },
  ES384: { cose: -35, hash: "sha384", key: { type: "ec", curve: "secp384r1", coseCurve: 2 } },
  ES512: { cose: -36, hash: "sha512", key: { type: "ec", curve: "secp521r1", coseCurve: 3 } },
  PS256: { cose: -37, hash: "sha256", key: PSS },
  RS256: { cose: -257, hash: "sha256", key: PKCS1 },
  RS384: { cose: -258, hash: "sha384", key: PKCS1 },
  RS512: { cose: -259, hash: "sha512", key: PKCS1 },
};

/** `ES256`, or `COSE algorithm -47` for one that the authenticator hasn't. */
export function algorithmName(cose: number): string {
  const known = Object.entries(ALGORITHMS).find(([, algorithm]) => algorithm.cose === cose);
  return known?.[0] ?? `COSE algorithm ${cose}`;
}
