/** A credential's outputs -> its `browser` output. Pure, and loads no cryptography: a program of 1,000 credentials runs it for each. */
import {
  type BrowserCredential,
  browserCredential,
  signCountAt,
} from "../../providers/hanko/authenticator/browserCredential.js";

/** A credential's outputs, and those of its inputs that a browser wants to know. */
export interface CredentialOutputs {
  /** base64url; undefined where the credential was never registered. */
  readonly credentialId: string | undefined;
  readonly rpId: string;
  /** base64url. */
  readonly userHandle: string;
  /** Standard base64 of the PKCS#8 DER. */
  readonly privateKey: string;
  /** Standard base64 of the SPKI DER. */
  readonly publicKey: string;
  /** Of the last signature made here. */
  readonly signCount: number;
  readonly username: string;
  readonly displayName: string | undefined;
  readonly residentKey: string | undefined;
  readonly backupEligible: boolean | undefined;
}

/** @param nowMs Unix milliseconds: the counter comes from the clock, so a credential handed out again is ahead of its last use */
export function browserOutput(outputs: CredentialOutputs, nowMs: number): BrowserCredential | undefined {
  const { credentialId: id, rpId, userHandle, privateKey, publicKey, username, displayName } = outputs;
  if (id === undefined) return undefined;
  return browserCredential(
    {
      ...{ id, rpId, userHandle, privateKey, publicKey },
      residentKey: outputs.residentKey !== "discouraged",
      backupEligible: outputs.backupEligible ?? false,
      backedUp: false,
      user: { name: username, displayName: displayName ?? username },
    },
    Math.max(signCountAt(nowMs), outputs.signCount),
  );
}
