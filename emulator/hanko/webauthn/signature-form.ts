/** Whether a signature is written in the one form that WebAuthn L3 §6.5.5 allows; the library reads ECDSA's ASN.1 more freely than that. */
import type { Library } from "./library.js";

/** COSE algorithm identifiers of ES256, ES384 and ES512. */
const ecdsa: ReadonlySet<number | undefined> = new Set([-7, -35, -36]);

export function isInItsForm(
  signature: Uint8Array<ArrayBuffer>,
  publicKey: Uint8Array<ArrayBuffer>,
  { algorithmOf, parseDer }: Library,
): boolean {
  if (!ecdsa.has(algorithmOf(publicKey))) return true;
  try {
    parseDer(signature);
    return true;
  } catch {
    return false;
  }
}
