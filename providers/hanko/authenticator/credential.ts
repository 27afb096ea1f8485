/**
 * What a credential is on the authenticator's side (WebAuthn L3 §4, "public key credential source"), and what the authenticator
 * that holds it is like.
 */
import type { KeyObject } from "node:crypto";
import {
  HANKO_LIMITS,
  type HankoAlgorithm,
  type HankoAttachment,
  type HankoAttestation,
  type HankoTransport,
} from "../inputs.js";

export interface Authenticator {
  /** The model, UUID text. */
  readonly aaguid: string;
  readonly attachment: HankoAttachment;
  readonly transports: readonly HankoTransport[];
  /** Holds discoverable credentials, and makes each one so, as phones and computers do. */
  readonly residentKey: boolean;
  /** Can verify the user; it does unless the relying party discourages it. */
  readonly userVerification: boolean;
  /** False for a registration without a gesture (conditional create). */
  readonly userPresence: boolean;
  readonly backupEligible: boolean;
  readonly backedUp: boolean;
  /** The statement it makes, whatever conveyance is asked for. */
  readonly attestation: HankoAttestation;
}

/** A phone's or computer's own authenticator: what most passkeys are made with. */
export const PLATFORM_AUTHENTICATOR: Authenticator = {
  aaguid: "00000000-0000-0000-0000-000000000000",
  attachment: "platform",
  transports: ["internal"],
  residentKey: true,
  userVerification: true,
  userPresence: true,
  backupEligible: false,
  backedUp: false,
  attestation: "none",
};

/** Before its registration: no relying party and no user yet. */
export interface NewCredential {
  /** base64url. */
  readonly id: string;
  readonly algorithm: HankoAlgorithm;
  readonly privateKey: KeyObject;
  readonly authenticator: Authenticator;
}

export interface CredentialSource extends NewCredential {
  readonly rpId: string;
  /** base64url; the `user.id` of the creation options. */
  readonly userHandle: string;
}

export const CREDENTIAL_ID_BYTES = 32;

/** The base64url id of a credential. @param bytes derived or random, 32 of them unless a service wants otherwise */
export function credentialIdFrom(bytes: Buffer): string {
  if (bytes.length === 0 || bytes.length > HANKO_LIMITS.credentialIdBytes)
    throw new TypeError(`a credential id has 1 to ${HANKO_LIMITS.credentialIdBytes} bytes, got ${bytes.length}`);
  return bytes.toString("base64url");
}
