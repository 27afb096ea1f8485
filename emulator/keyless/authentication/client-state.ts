/**
 * Opens an imported client state: the AES key by RSA-OAEP (RFC 8017 §7.1) with SHA-256 for hash and MGF1 and no label, the state
 * by AES-128-GCM-SIV (RFC 8452) without associated data, its body being nonce, ciphertext and tag in this order.
 */
import { constants, privateDecrypt } from "node:crypto";
import { gcmsiv } from "@noble/ciphers/aes.js";
import { mediaType } from "../app.js";
import type { Refusal } from "../problem.js";
import type { EncryptionKey } from "./encryption-key.js";

export const KEY_ALGORITHM = "RSAES-OAEP-SHA-256";
const STATE_ALGORITHM = "AES-GCM-SIV";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const AES_KEY_BYTES = 16;
const WRAPPED_KEY = /^[0-9a-f]{512}$/;

/** Why the headers can't be those of an import; `undefined` where they are. */
export function importHeaderRefusal(headers: Headers, { keyId }: EncryptionKey): Refusal | undefined {
  if (mediaType(headers) !== "application/octet-stream")
    return { status: 415, detail: "Content-Type must be application/octet-stream" };
  if (headers.get("kl-key-id") !== keyId) return refused("Kl-Key-Id must be the id of the service's present key");
  if (headers.get("kl-key-algorithm") !== KEY_ALGORITHM) return refused(`Kl-Key-Algorithm must be ${KEY_ALGORITHM}`);
  if (headers.get("kl-client-state-algorithm") !== STATE_ALGORITHM)
    return refused(`Kl-Client-State-Algorithm must be ${STATE_ALGORITHM}`);
  if (!WRAPPED_KEY.test(headers.get("kl-client-state-key") ?? ""))
    return refused("Kl-Client-State-Key must be 256 bytes in lower-case hexadecimal");
  return undefined;
}

/** The plaintext, or why there is none. */
export function openClientState(headers: Headers, body: Uint8Array, key: EncryptionKey): Uint8Array | Refusal {
  const aesKey = unwrapped(Buffer.from(headers.get("kl-client-state-key") ?? "", "hex"), key);
  if (aesKey === undefined) return refused(`Kl-Client-State-Key can't be opened with ${KEY_ALGORITHM}`);
  if (aesKey.length !== AES_KEY_BYTES) return refused(`The AES key must have ${AES_KEY_BYTES} bytes`);
  if (body.length < NONCE_BYTES + TAG_BYTES) return refused("The body must be a nonce, a ciphertext and a tag");
  try {
    return gcmsiv(aesKey, body.subarray(0, NONCE_BYTES)).decrypt(body.subarray(NONCE_BYTES));
  } catch {
    return refused(`The body can't be opened with ${STATE_ALGORITHM} and the key in Kl-Client-State-Key`);
  }
}

function unwrapped(wrapped: Buffer, { privateKey }: EncryptionKey): Buffer | undefined {
  try {
    return privateDecrypt({ key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" }, wrapped);
  } catch {
    return undefined;
  }
}

function refused(detail: string): Refusal {
  return { status: 400, detail };
}
