/**
 * The one form of public key that the service takes: standard base64 of a P-256 key's SPKI DER, 91 bytes, no PEM armour
 * (contracts/keyri.md). Other forms are named in the refusal; to bring them into this one is the client's part.
 */
import { createPublicKey, type KeyObject } from "node:crypto";

export type PublicKeyReading = { readonly key: KeyObject } | { readonly refused: string };

const SPKI_BYTES = 91;
const WANTED = "pubKey must be the standard base64 of a P-256 key's SPKI DER (91 bytes)";

export function readPublicKey(pubKey: string): PublicKeyReading {
  if (pubKey.includes("-----BEGIN")) return refuse("a PEM document");
  const der = decodeBase64(pubKey);
  if (der === undefined) return refuse("text that isn't standard base64 with padding");
  if (der.length === 64) return refuse("64 bytes, a raw X and Y");
  if (der.length === 65 && der[0] === 0x04) return refuse("65 bytes, an uncompressed point");
  const key = parseSpki(der);
  if (key === undefined) return refuse(`${der.length} bytes that are no SPKI DER`);
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (curve !== "prime256v1")
    return refuse(`a key of type ${key.asymmetricKeyType}${curve === undefined ? "" : `, curve ${curve}`}`);
  // The parser passes over bytes behind the key, and takes a compressed point too: two texts for one key.
  const canonical = key.export({ format: "der", type: "spki" });
  if (der.length !== SPKI_BYTES || !der.equals(canonical)) return refuse("a P-256 key in another encoding");
  return { key };
}

/** The bytes of padded standard base64, or `undefined` for any other text. */
export function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, "base64");
  return bytes.length > 0 && bytes.toString("base64") === text ? bytes : undefined;
}

function refuse(came: string): PublicKeyReading {
  return { refused: `${WANTED}; what came is ${came}` };
}

function parseSpki(der: Buffer): KeyObject | undefined {
  try {
    return createPublicKey({ key: der, format: "der", type: "spki" });
  } catch {
    return undefined;
  }
}
