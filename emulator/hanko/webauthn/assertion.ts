/** Verifies an assertion (WebAuthn L3 §7.2), its counter apart: the real server never enforces counters (contracts/hanko.md). */
import { loadLibrary } from "./library.js";
import type { Expectation } from "./registration.js";
import { isOriginOf } from "./relying-party.js";
import { type AssertionResponse, credentialIdOf } from "./responses.js";
import { isStrictSignature } from "./strict-forms.js";

/** What the authenticator says at this use. */
export interface AssertedUse {
  readonly userVerified: boolean;
  readonly backupEligible: boolean;
  readonly backupState: boolean;
}

/** `undefined` where it doesn't hold; whether the user must have been verified is the caller's question. */
export async function verifiedAssertion(
  assertion: AssertionResponse,
  publicKey: string,
  { challenge, origin, party }: Expectation,
): Promise<AssertedUse | undefined> {
  if (!isOriginOf(party, origin)) return undefined;
  const id = credentialIdOf(assertion);
  const { clientDataJSON, authenticatorData, signature } = assertion.response;
  const library = await loadLibrary();
  const key = new Uint8Array(Buffer.from(publicKey, "base64url"));
  if (!isStrictSignature(new Uint8Array(Buffer.from(signature, "base64url")), key, library)) return undefined;
  const verification = await library
    .verifyAuthenticationResponse({
      response: {
        id,
        rawId: id,
        type: "public-key",
        response: { clientDataJSON, authenticatorData, signature },
        clientExtensionResults: {},
      },
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: party.id,
      requireUserVerification: false,
      // From a counter of 0 any other is an advance.
      credential: { id, publicKey: key, counter: 0 },
    })
    .catch(() => undefined);
  if (verification?.verified !== true) return undefined;
  const { userVerified, credentialDeviceType, credentialBackedUp } = verification.authenticationInfo;
  return { userVerified, backupEligible: credentialDeviceType === "multiDevice", backupState: credentialBackedUp };
}
