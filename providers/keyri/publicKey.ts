/**
 * A device's public key in every form that clients in the field send, brought to the one that the service takes: standard
 * base64 of SPKI DER, P-256, 91 bytes (contracts/keyri.md, "Formats"). Pure and offline.
 */
import { createHash, createPublicKey, type KeyObject } from "node:crypto";

export type NormalisedKey =
  | { readonly ok: true; readonly publicKey: string }
  | { readonly ok: false; readonly reason: string };

// SubjectPublicKeyInfo of an uncompressed P-256 point, up to the point itself (RFC 5480 §2).
const SPKI_PREFIX = Buffer.from("3059301306072a8648ce3d020106082a8648ce3d03010703420004", "hex");
const COORDINATE_BYTES = 32;
const EXPECTED =
  "expected a P-256 public key: base64 of its SPKI DER (124 characters, begins MFkwEwYH), a PEM PUBLIC KEY, or base64 of the 64 bytes X‖Y";
const CURVES: Readonly<Record<string, string>> = {
  secp224r1: "P-224",
  secp384r1: "P-384",
  secp521r1: "P-521",
  secp256k1: "secp256k1",
};

/** @param text any form of the field; never a private key */
export function normalisePublicKey(text: string): NormalisedKey {
  const label = /-----BEGIN ([A-Z0-9 ]+)-----/.exec(text)?.[1];
  if (label?.includes("PRIVATE KEY"))
    return no(`got a PEM ${label}: never put a private key here; give the public key (openssl pkey -pubout)`);
  if (label !== undefined && label !== "PUBLIC KEY") return no(`got a PEM ${label}; ${EXPECTED}`);
  if (label !== undefined) return fromKey(() => createPublicKey(text), "a PEM PUBLIC KEY");
  if (text.includes("-----")) return no(`got PEM without its BEGIN or END line; ${EXPECTED}`);

  const compact = text.replace(/\s+/g, "").replaceAll("-", "+").replaceAll("_", "/");
  const bytes = Buffer.from(compact, "base64");
  if (bytes.toString("base64").replace(/=+$/, "") !== compact.replace(/=+$/, ""))
    return no(`got text that is no base64; ${EXPECTED}`);
  if (bytes.length === 2 * COORDINATE_BYTES) return fromPoint(bytes, "the 64 bytes X‖Y");
  if (bytes.length === 2 * COORDINATE_BYTES + 1 && bytes[0] === 4)
    return fromPoint(bytes.subarray(1), "an uncompressed point");
  return fromKey(() => createPublicKey({ key: bytes, format: "der", type: "spki" }), `base64 of ${bytes.length} bytes`);
}

/** The id of a key: base64url of the SHA-256 of its SPKI DER, 43 characters. It tells nothing of the user. */
export function keyIdOf(publicKey: string): string {
  return createHash("sha256").update(Buffer.from(publicKey, "base64")).digest("base64url");
}

/** Standard base64 of the SPKI DER, uncompressed, of a P-256 key. */
export function publicKeyText(key: KeyObject): string {
  const { x = "", y = "" } = key.export({ format: "jwk" });
  return Buffer.concat([SPKI_PREFIX, Buffer.from(x, "base64url"), Buffer.from(y, "base64url")]).toString("base64");
}

function fromPoint(point: Buffer, form: string): NormalisedKey {
  return fromKey(
    () => createPublicKey({ key: Buffer.concat([SPKI_PREFIX, point]), format: "der", type: "spki" }),
    form,
  );
}

function fromKey(read: () => KeyObject, form: string): NormalisedKey {
  let key: KeyObject;
  try {
    key = read();
  } catch {
    return no(`got ${form} that holds no valid public key; ${EXPECTED}`);
  }
  const fault = curveFault(key);
  return fault === undefined
    ? { ok: true, publicKey: publicKeyText(key) }
    : no(`got ${form} with ${fault}; ${EXPECTED}`);
}

/** What kind of key it is instead of a P-256 one; undefined for a P-256 key. */
export function curveFault(key: KeyObject): string | undefined {
  if (key.asymmetricKeyType !== "ec") return `a key of type ${key.asymmetricKeyType}`;
  const curve = key.asymmetricKeyDetails?.namedCurve;
  return curve === "prime256v1" ? undefined : `a key on ${curveName(curve)}`;
}

function curveName(curve: string | undefined): string {
  return curve === undefined ? "an unnamed curve" : (CURVES[curve] ?? curve);
}

function no(reason: string): NormalisedKey {
  return { ok: false, reason };
}
