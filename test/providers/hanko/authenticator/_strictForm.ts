/**
 * What @simplewebauthn/server is lenient about, so that a flipped bit can't hide in the encoding: CBOR lengths beyond the end, BER in
 * place of DER, and an attestation that names another algorithm than the key.
 */
import { p256 } from "@noble/curves/nist.js";
import { decode, encode } from "cborg";
import { z } from "zod";
import type { HankoAlgorithm } from "../../../../providers/hanko/inputs.js";

const attestation = z.map(z.string(), z.unknown()).transform((members) => members.get("attStmt"));
const statement = z.map(z.string(), z.unknown());

export function isStrictAttestation(attestationObject: string, algorithm: HankoAlgorithm, cose: number): boolean {
  try {
    const bytes = Buffer.from(attestationObject, "base64url");
    const decoded: unknown = decode(bytes, { useMaps: true, strict: true, rejectDuplicateMapKeys: true });
    if (!bytes.equals(encode(decoded))) return false;
    const members = statement.parse(attestation.parse(decoded));
    const signature = z.instanceof(Uint8Array).parse(members.get("sig"));
    return members.get("alg") === cose && isStrictSignature(signature, algorithm);
  } catch {
    return false;
  }
}

export function isStrictSignature(signature: Uint8Array, algorithm: HankoAlgorithm): boolean {
  if (algorithm !== "ES256") return true;
  try {
    p256.Signature.fromBytes(Uint8Array.from(signature), "der");
    return true;
  } catch {
    return false;
  }
}
