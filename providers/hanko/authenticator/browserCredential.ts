/**
 * A credential as a test browser takes it: Playwright's `context.credentials.create()` and the DevTools protocol's
 * `WebAuthn.addCredential` (contracts/hanko.md, "What follows"). Encodings only: nothing here loads cryptography.
 */
import { HANKO_LIMITS } from "../inputs.js";

/** All of it is secret. */
export interface BrowserCredential {
  /** `context.credentials.create(rpId, options)`; binary values are unpadded base64url, keys PKCS#8 and SPKI DER. */
  readonly playwright: {
    readonly rpId: string;
    readonly options: {
      readonly id: string;
      readonly userHandle: string;
      readonly privateKey: string;
      readonly publicKey: string;
      readonly signCount: number;
    };
  };
  /** `credential` of `WebAuthn.addCredential`; binary values are padded standard base64, the only form that Chrome reads. */
  readonly devTools: {
    readonly credentialId: string;
    readonly isResidentCredential: boolean;
    readonly rpId: string;
    readonly privateKey: string;
    readonly userHandle: string;
    readonly signCount: number;
    readonly backupEligibility: boolean;
    readonly backupState: boolean;
    readonly userName: string;
    readonly userDisplayName: string;
  };
}

/** A credential as text, the way the outputs of a `HankoCredential` have it. */
export interface WrittenCredential {
  /** base64url. */
  readonly id: string;
  readonly rpId: string;
  /** base64url. */
  readonly userHandle: string;
  /** Standard base64 of the PKCS#8 DER. */
  readonly privateKey: string;
  /** Standard base64 of the SPKI DER. */
  readonly publicKey: string;
  readonly residentKey: boolean;
  readonly backupEligible: boolean;
  readonly backedUp: boolean;
  readonly user: { readonly name: string; readonly displayName: string };
}

/** @param signCount what the browser counts on from; `signCountAt` of now never goes backwards */
export function browserCredential(credential: WrittenCredential, signCount: number): BrowserCredential {
  const { id, rpId, userHandle, privateKey, publicKey, user } = credential;
  return {
    playwright: {
      rpId,
      options: { id, userHandle, privateKey: urlSafe(privateKey), publicKey: urlSafe(publicKey), signCount },
    },
    devTools: {
      credentialId: standard(id),
      isResidentCredential: credential.residentKey,
      rpId,
      privateKey: standard(privateKey),
      userHandle: standard(userHandle),
      signCount,
      backupEligibility: credential.backupEligible,
      backupState: credential.backedUp,
      userName: user.name,
      userDisplayName: user.displayName,
    },
  };
}

// Both alphabets are read, with padding and without.
const standard = (text: string) => Buffer.from(text, "base64").toString("base64");
const urlSafe = (text: string) => Buffer.from(text, "base64").toString("base64url");

// Seconds from here fit the counter's 31 bits until 2088.
const COUNTER_EPOCH_MS = Date.UTC(2020, 0, 1);

/** A counter that grows by one a second, so that a fixture handed out again is ahead of its last use. @param nowMs Unix milliseconds */
export function signCountAt(nowMs: number): number {
  return Math.min(Math.max(Math.floor((nowMs - COUNTER_EPOCH_MS) / 1000), 0), HANKO_LIMITS.signCount);
}
