/**
 * The key pairs of credentials: generated, derived from bytes (P-256: FIPS 186-5 A.2.1; Ed25519: RFC 8032 §5.1.5), read from
 * and written as DER, and the signature of each algorithm as WebAuthn L3 §6.5.5 has it.
 */
import { constants, createPrivateKey, generateKeyPair, type KeyObject, sign } from "node:crypto";
import { promisify } from "node:util";
import { AuthnError } from "../../errors.js";
import { deriveP256, P256_DERIVATION_BYTES } from "../../host/p256.js";
import type { HankoAlgorithm } from "../inputs.js";
import { ALGORITHMS } from "./algorithms.js";

const generatePair = promisify(generateKeyPair);

const ED25519_SEED_BYTES = 32;
// PrivateKeyInfo of Ed25519 up to the seed itself (RFC 8410 §7).
const ED25519_PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");
// What browsers and phones make; larger keys only cost time.
const RSA_BITS = 2048;

type Derivable = "ES256" | "EdDSA";

/** How many bytes a derived key takes; algorithms that are not here have random keys only. */
export const KEY_DERIVATION_BYTES: Readonly<Record<Derivable, number>> = {
  ES256: P256_DERIVATION_BYTES,
  EdDSA: ED25519_SEED_BYTES,
};

export function isDerivable(algorithm: HankoAlgorithm): algorithm is Derivable {
  return Object.hasOwn(KEY_DERIVATION_BYTES, algorithm);
}

/** The private key of a new random pair; an RSA key takes the platform's threads a tenth of a second. */
export async function generateKey(algorithm: HankoAlgorithm): Promise<KeyObject> {
  const { key } = ALGORITHMS[algorithm];
  if (key.type === "ec") return (await generatePair("ec", { namedCurve: key.curve })).privateKey;
  if (key.type === "ed25519") return (await generatePair("ed25519")).privateKey;
  return (await generatePair("rsa", { modulusLength: RSA_BITS })).privateKey;
}

/** The private key that the bytes give, the same for ever. @param bytes as many as `KEY_DERIVATION_BYTES` says */
export function deriveKey(algorithm: Derivable, bytes: Buffer): KeyObject {
  const expected = KEY_DERIVATION_BYTES[algorithm];
  if (bytes.length !== expected)
    throw new TypeError(`a derived ${algorithm} key takes ${expected} bytes, got ${bytes.length}`);
  if (algorithm === "ES256") return deriveP256(bytes);
  return createPrivateKey({ key: Buffer.concat([ED25519_PKCS8_PREFIX, bytes]), format: "der", type: "pkcs8" });
}

/** PKCS#8 DER. A secret. */
export function pkcs8Of(privateKey: KeyObject): Buffer {
  return privateKey.export({ format: "der", type: "pkcs8" });
}

/** SPKI DER. */
export function spkiOf(publicKey: KeyObject): Buffer {
  return publicKey.export({ format: "der", type: "spki" });
}

/**
 * @param pkcs8 PKCS#8 DER
 * @throws AuthnError `ERR_AUTHN_INPUT` for what is no private key of that algorithm; never quotes it
 */
export function readPrivateKey(algorithm: HankoAlgorithm, pkcs8: Buffer): KeyObject {
  const { key: expected } = ALGORITHMS[algorithm];
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });
  } catch {
    // What OpenSSL says of it may quote it, so it is no cause.
    throw notUsable(algorithm, "it can't be read");
  }
  if (key.asymmetricKeyType !== expected.type) throw notUsable(algorithm, `it is of type ${key.asymmetricKeyType}`);
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (expected.type === "ec" && curve !== expected.curve) throw notUsable(algorithm, `it is on the curve ${curve}`);
  return key;
}

/** ECDSA: ASN.1 DER; EdDSA: 64 bytes; RSA: as long as the modulus. */
export function signWith(algorithm: HankoAlgorithm, privateKey: KeyObject, bytes: Buffer): Buffer {
  const { hash, key } = ALGORITHMS[algorithm];
  if (key.type !== "rsa") return sign(hash, bytes, privateKey);
  return sign(hash, bytes, {
    key: privateKey,
    padding: key.padding,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  });
}

function notUsable(algorithm: HankoAlgorithm, fault: string): AuthnError {
  return new AuthnError({
    code: "ERR_AUTHN_INPUT",
    what: `The private key can't sign with ${algorithm}: ${fault}`,
    remedy: `Give the PKCS#8 DER of a private key for ${algorithm}, as the outputs of a HankoCredential have it`,
  });
}
