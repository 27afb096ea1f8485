/**
 * The key pair under which client states are brought: RSA-2048, made once and kept in the store, so that a key that was pinned
 * yesterday is the right one today.
 */
import { createHash, createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import { z } from "zod";
import type { Store } from "../../store/store.js";

export interface EncryptionKey {
  readonly keyId: string;
  /** PEM of the SPKI. */
  readonly publicKey: string;
  /** SHA-256 of the SPKI's DER, in lower-case hexadecimal. */
  readonly fingerprint: string;
  readonly privateKey: KeyObject;
}

const keyRow = z.object({ pkcs8: z.string() });
const makePair = promisify(generateKeyPair);

export async function openEncryptionKey(store: Store): Promise<EncryptionKey> {
  const keys = await store.table("keyless-encryption-key", keyRow);
  const known = keys.get("pair")?.pkcs8;
  if (known !== undefined) return encryptionKey(known);
  const made = await (store.durable ? makeKey() : sharedKey());
  keys.set("pair", { pkcs8: made });
  return encryptionKey(made);
}

// Making a pair takes a quarter of a second: tenants in memory, which a test process starts by the dozen, share one.
let ofThisProcess: Promise<string> | undefined;
function sharedKey(): Promise<string> {
  ofThisProcess ??= makeKey();
  return ofThisProcess;
}

async function makeKey(): Promise<string> {
  const { privateKey } = await makePair("rsa", { modulusLength: 2048 });
  return privateKey.export({ format: "pem", type: "pkcs8" }).toString();
}

function encryptionKey(pkcs8: string): EncryptionKey {
  const privateKey = createPrivateKey(pkcs8);
  const publicKey = createPublicKey(privateKey);
  const fingerprint = createHash("sha256")
    .update(publicKey.export({ format: "der", type: "spki" }))
    .digest("hex");
  const pem = publicKey.export({ format: "pem", type: "spki" }).toString();
  return { keyId: `client-state-${fingerprint.slice(0, 16)}`, publicKey: pem, fingerprint, privateKey };
}
