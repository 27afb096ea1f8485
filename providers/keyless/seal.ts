/**
 * Seals a client state for its import: AES-128-GCM-SIV (RFC 8452) under a key of its own, and that key wrapped by RSA-OAEP with
 * SHA-256 as both hash and MGF1's (RFC 8017 §7.1), no label, no associated data (contracts/keyless.md, import-client-state).
 */
import { constants, type KeyObject, publicEncrypt } from "node:crypto";
import { gcmsiv } from "@noble/ciphers/aes.js";

/** As `Kl-Client-State-Algorithm` names it. */
export const CLIENT_STATE_ALGORITHM = "AES-GCM-SIV";

const KEY_BYTES = 16;
const NONCE_BYTES = 12;

export interface SealedClientState {
  /** `Kl-Client-State-Key`: lower-case hex of the wrapped AES key. */
  readonly wrappedKeyHex: string;
  /** 12-byte nonce ‖ ciphertext ‖ 16-byte tag. */
  readonly body: Buffer;
}

/** @param key 16 bytes @param nonce 12 bytes @returns nonce ‖ ciphertext ‖ tag */
export function encryptClientState(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array): Buffer {
  return Buffer.concat([nonce, gcmsiv(key, nonce).encrypt(plaintext)]);
}

/**
 * @param clientState sealed as its UTF-8 bytes, unchanged
 * @param publicKey RSA, as `readEncryptionKey` gives it
 */
export function sealClientState(
  clientState: string,
  publicKey: KeyObject,
  random: { bytes(length: number): Buffer },
): SealedClientState {
  const key = random.bytes(KEY_BYTES);
  try {
    const wrapped = publicEncrypt(
      { key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" },
      key,
    );
    return {
      wrappedKeyHex: wrapped.toString("hex"),
      body: encryptClientState(key, random.bytes(NONCE_BYTES), Buffer.from(clientState, "utf8")),
    };
  } finally {
    key.fill(0);
  }
}
