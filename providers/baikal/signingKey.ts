/** Which keys Baikal takes, and what a JWKS shows of them (contracts/baikal.md, "Client keys"; RFC 7517, RFC 7518 §3.1). */
import type { KeyObject } from "node:crypto";

export type SigningAlgorithm = "RS256" | "ES256";

/** A public key as a client's JWKS has it: no member of a private key can stand in it. */
export type PublicJwk = {
  readonly alg: SigningAlgorithm;
  readonly kid: string;
  readonly use: "sig";
} & ({ readonly kty: "RSA"; readonly n: string; readonly e: string } | P256Members);

interface P256Members {
  readonly kty: "EC";
  readonly crv: "P-256";
  readonly x: string;
  readonly y: string;
}

/** RFC 7517 §5. */
export interface JwkSet {
  readonly keys: readonly PublicJwk[];
}

/** Below it the authserver refuses an RSA key. */
const LEAST_MODULUS_BITS = 2048;
const ALGORITHMS: Readonly<Record<string, SigningAlgorithm>> = { rsa: "RS256", ec: "ES256" };
const CURVES: Readonly<Record<string, string>> = { secp384r1: "P-384", secp521r1: "P-521", secp224r1: "P-224" };
const TYPES: Readonly<Record<string, string>> = { ed25519: "Ed25519", ed448: "Ed448", x25519: "X25519", x448: "X448" };

/** The algorithm that a key signs by; undefined for a kind of key that Baikal doesn't know. */
export function algorithmOf(key: KeyObject): SigningAlgorithm | undefined {
  return ALGORITHMS[key.asymmetricKeyType ?? ""];
}

/** Why a key can't be a client's: `it is an EC key on P-384, and only P-256 is taken`; undefined for one that can. */
export function keyFault(key: KeyObject, alg?: SigningAlgorithm): string | undefined {
  const type = key.asymmetricKeyType;
  if (type === undefined) return "it is a symmetric key";
  const own = algorithmOf(key);
  if (own === undefined) return `it is of type ${TYPES[type] ?? type}, and only RSA and P-256 are taken`;
  const { modulusLength = 0, namedCurve = "unnamed" } = key.asymmetricKeyDetails ?? {};
  if (own === "RS256" && modulusLength < LEAST_MODULUS_BITS)
    return `it is an RSA key of ${modulusLength} bits, and at least ${LEAST_MODULUS_BITS} are needed`;
  if (own === "ES256" && namedCurve !== "prime256v1")
    return `it is an EC key on ${CURVES[namedCurve] ?? namedCurve}, and only P-256 is taken`;
  if (alg !== undefined && own !== alg) return `it signs by ${own}, not by ${alg}`;
  return undefined;
}

/** The members that RFC 7638 §3.2 takes the thumbprint of, and no others. */
export type RequiredMembers = Pick<P256Members, "kty" | "crv" | "x" | "y"> | { kty: "RSA"; n: string; e: string };

/** @param key sound by `keyFault`; of a private key only the public members are taken */
export function requiredMembers(key: KeyObject): RequiredMembers {
  const { n = "", e = "", x = "", y = "" } = key.export({ format: "jwk" });
  return algorithmOf(key) === "RS256" ? { kty: "RSA", n, e } : { kty: "EC", crv: "P-256", x, y };
}

export function publicJwk(key: KeyObject, kid: string): PublicJwk {
  const members = requiredMembers(key);
  return members.kty === "RSA"
    ? { alg: "RS256", ...members, kid, use: "sig" }
    : { alg: "ES256", ...members, kid, use: "sig" };
}
