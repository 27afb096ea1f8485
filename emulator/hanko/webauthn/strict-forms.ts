/** Whether what an authenticator sends is in the one form that WebAuthn L3 allows (§6.5.4, §6.5.5); the library reads both more freely. */
import type { Library } from "./library.js";

/** COSE algorithm identifiers of ES256, ES384 and ES512. */
const ecdsa: ReadonlySet<number | undefined> = new Set([-7, -35, -36]);

/** An attestation object whose last value is cut off passes the library. */
export function isWholeCbor(bytes: Uint8Array, { parseCbor }: Library): boolean {
  return parses(() => parseCbor(bytes));
}

/** So does an ECDSA signature with another tag or length than ASN.1 DER has. */
export function isStrictSignature(
  signature: Uint8Array<ArrayBuffer>,
  publicKey: Uint8Array<ArrayBuffer>,
  { algorithmOf, parseDer }: Library,
): boolean {
  return !ecdsa.has(algorithmOf(publicKey)) || parses(() => parseDer(signature));
}

function parses(parse: () => unknown): boolean {
  try {
    parse();
    return true;
  } catch {
    return false;
  }
}
