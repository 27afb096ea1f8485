/**
 * P-256 key pairs for fixtures: derived from bytes (FIPS 186-5 A.2.1, so that the same bytes give the same key for ever) or
 * random. Loaded only when a key is made.
 */
import { createECDH, createPrivateKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { p256 } from "@noble/curves/nist.js";

/** Bytes that a derived key takes: 64 bits more than the order of the group, so that the bias is negligible. */
export const P256_DERIVATION_BYTES = 48;

/** @param bytes 48 bytes of key material */
export function deriveP256(bytes: Buffer): KeyObject {
  const scalar = p256.utils.randomSecretKey(bytes);
  // The platform multiplies several times faster; 65 bytes: 0x04, X, Y.
  const exchange = createECDH("prime256v1");
  exchange.setPrivateKey(scalar);
  const point = exchange.getPublicKey();
  const text = (part: Uint8Array) => Buffer.from(part).toString("base64url");
  const jwk = {
    kty: "EC",
    crv: "P-256",
    d: text(scalar),
    x: text(point.subarray(1, 33)),
    y: text(point.subarray(33)),
  };
  return createPrivateKey({ key: jwk, format: "jwk" });
}

export function randomP256(): KeyObject {
  return generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
}
