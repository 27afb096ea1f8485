/**
 * The public key that client states are sealed for: pinned by configuration, or fetched and compared with a pinned fingerprint.
 * The vendor means fetching for demonstrations only: who can swap the key can read every state (contracts/keyless.md).
 */
import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import { AuthnError } from "../errors.js";
import { EXCERPT_LENGTH, redact } from "../http/redact.js";

export type ReadEncryptionKey =
  | {
      readonly ok: true;
      readonly key: KeyObject;
      /** Lower-case hex of the SHA-256 of the SPKI DER. */
      readonly fingerprint: string;
    }
  | { readonly ok: false; readonly reason: string };

/** How the key wraps another, as the services name it: RSA-OAEP with SHA-256. */
export const KEY_ALGORITHM = "RSAES-OAEP-SHA-256";
const MIN_BITS = 2048;
const EXPECTED = `give the PEM of an RSA public key of at least ${MIN_BITS} bits, beginning -----BEGIN PUBLIC KEY-----`;

/** @param pem SPKI; the reason tells its shape and never its text */
export function readEncryptionKey(pem: string): ReadEncryptionKey {
  const labels = [...pem.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----/g)].map(([, label]) => label ?? "");
  const secret = labels.find((label) => label.includes("PRIVATE KEY"));
  if (secret !== undefined)
    return no(`holds a PEM ${secret}: never put a private key here, give the public one (openssl pkey -pubout)`);
  const [label] = labels;
  if (label === undefined) return no(`is no PEM (${pem.length} characters without a BEGIN line): ${EXPECTED}`);
  if (label !== "PUBLIC KEY") return no(`is a PEM ${label}: ${EXPECTED}`);
  if (labels.length > 1) return no(`holds ${labels.length} keys: ${EXPECTED}`);
  if (pem.includes("\\n"))
    return no(`has \\n as two characters in place of its line breaks: set it from its file, with < key.pem`);
  let key: KeyObject;
  try {
    key = createPublicKey(pem);
  } catch {
    // What OpenSSL says of it names its own source lines.
    return no(`is a PEM PUBLIC KEY that can't be read, it may be cut off: ${EXPECTED}`);
  }
  if (key.asymmetricKeyType !== "rsa") return no(`is a key of type ${key.asymmetricKeyType}: ${EXPECTED}`);
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < MIN_BITS) return no(`is an RSA key of ${bits} bits: ${EXPECTED}`);
  const der = key.export({ format: "der", type: "spki" });
  return { ok: true, key, fingerprint: createHash("sha256").update(der).digest("hex") };
}

function no(reason: string): ReadEncryptionKey {
  return { ok: false, reason };
}

/** What `client-state-encryption` answers. */
export interface OfferedEncryptionKey {
  readonly keyId: string;
  readonly supportedAlgorithms: readonly string[];
  /** PEM SPKI. */
  readonly publicKey: string;
}

export interface EncryptionKey {
  readonly keyId: string;
  readonly key: KeyObject;
  readonly fingerprint: string;
}

export interface EncryptionKeyPins {
  readonly encryptionKeyId?: string | undefined;
  readonly encryptionPublicKey?: string | undefined;
  readonly encryptionKeyFingerprint?: string | undefined;
}

/**
 * The pinned key, which asks for no request; else the one that the service offers, judged before it is used.
 * @param warn gets one line for a fetched key that no fingerprint pins
 * @throws AuthnError `ERR_AUTHN_CONFIGURATION` for a key that isn't the pinned one or can't be used
 */
export async function chooseEncryptionKey(
  { encryptionKeyId, encryptionPublicKey, encryptionKeyFingerprint }: EncryptionKeyPins,
  fetchKey: () => Promise<OfferedEncryptionKey>,
  warn: (line: string) => void,
): Promise<EncryptionKey> {
  if (encryptionKeyId !== undefined && encryptionPublicKey !== undefined) {
    const pinned = readEncryptionKey(encryptionPublicKey);
    if (!pinned.ok) throw unusable(`keyless:encryptionPublicKey ${pinned.reason}`, "Correct it");
    const { key, fingerprint } = pinned;
    return { keyId: encryptionKeyId, key, fingerprint };
  }
  const chosen = acceptable(await fetchKey(), encryptionKeyFingerprint);
  if (encryptionKeyFingerprint === undefined) warn(unpinned(chosen.fingerprint));
  return chosen;
}

function acceptable(offered: OfferedEncryptionKey, pinned: string | undefined): EncryptionKey {
  const { keyId, supportedAlgorithms, publicKey } = offered;
  if (!supportedAlgorithms.includes(KEY_ALGORITHM)) {
    const others = redact(supportedAlgorithms.join(", "), [], EXCERPT_LENGTH) || "nothing";
    throw unusable(
      `The key that the Keyless Authentication Service offers for client states is for ${others}, not for ${KEY_ALGORITHM}`,
      "Check keyless:authenticationUrl, and what Keyless has set up for this customer",
    );
  }
  const read = readEncryptionKey(publicKey);
  if (!read.ok) {
    throw unusable(
      `The key that the Keyless Authentication Service offers for client states ${read.reason}`,
      "Pin a sound one by keyless:encryptionKeyId and keyless:encryptionPublicKey",
    );
  }
  const { key, fingerprint } = read;
  if (pinned !== undefined && fingerprint !== pinned) {
    throw unusable(
      `The Keyless Authentication Service offers a key for client states with the fingerprint ${fingerprint}, but ${pinned} is pinned: somebody may have swapped it`,
      `Ask Keyless whether the key was changed; if so, accept it: ${pinCommand(fingerprint)}`,
    );
  }
  return { keyId, key, fingerprint };
}

function unpinned(fingerprint: string): string {
  return `The key that client states are sealed for was fetched from the Keyless Authentication Service, and nothing pins it: whoever can swap it can read them. Its fingerprint is ${fingerprint}; if Keyless confirms it, pin it: ${pinCommand(fingerprint)}`;
}

function pinCommand(fingerprint: string): string {
  return `pulumi config set keyless:encryptionKeyFingerprint ${fingerprint}`;
}

function unusable(what: string, remedy: string): AuthnError {
  return new AuthnError({ code: "ERR_AUTHN_CONFIGURATION", what, remedy });
}
