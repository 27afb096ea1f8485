/**
 * `navigator.credentials.get()` of the software authenticator: a signed assertion of a credential, or the refusal that a browser would
 * give (WebAuthn L3 §5.1.4, §6.3.3).
 */
import { createHash } from "node:crypto";
import { authenticatorData } from "./authenticatorData.js";
import { type Ceremony, effectiveRpId, unpadded, verifiesUser } from "./ceremony.js";
import { clientDataJson } from "./clientData.js";
import type { CredentialSource } from "./credential.js";
import { signWith } from "./keys.js";
import type { RequestOptions } from "./options.js";
import { refusal } from "./refusal.js";
import type { AuthenticationResponse } from "./responses.js";

/** @throws AuthnError `ERR_AUTHN_INPUT` for what a browser refuses; its cause is a DOMException of the name that the browser has for it */
export function getAssertion(
  options: RequestOptions,
  credential: CredentialSource,
  { origin, crossOrigin = false, signCount, extensions }: Ceremony,
): AuthenticationResponse {
  const rpId = effectiveRpId(options.rpId, origin);
  const { id, algorithm, privateKey, authenticator, userHandle } = credential;
  refuseUnfit(options, credential, rpId);
  const authData = authenticatorData({
    rpId,
    flags: {
      userPresent: authenticator.userPresence,
      userVerified: verifiesUser(authenticator, options.userVerification),
      backupEligible: authenticator.backupEligible,
      backedUp: authenticator.backedUp,
    },
    signCount,
    extensions,
  });
  const clientData = clientDataJson({
    type: "webauthn.get",
    challenge: unpadded(options.challenge),
    origin,
    crossOrigin,
  });
  const clientDataHash = createHash("sha256").update(clientData).digest();
  return {
    id,
    rawId: id,
    type: "public-key",
    authenticatorAttachment: authenticator.attachment,
    response: {
      clientDataJSON: clientData.toString("base64url"),
      authenticatorData: authData.toString("base64url"),
      signature: signWith(algorithm, privateKey, Buffer.concat([authData, clientDataHash])).toString("base64url"),
      // Given always: the finalize calls of a transaction and of a discoverable login need it.
      userHandle,
    },
    clientExtensionResults: {},
  };
}

function refuseUnfit(options: RequestOptions, { id, rpId, authenticator }: CredentialSource, askedRpId: string): void {
  if (rpId !== askedRpId)
    throw refusal({
      name: "NotAllowedError",
      what: `The credential belongs to the relying party ${rpId}, and ${askedRpId} asks for one`,
      remedy: "Use a credential of the relying party that asks",
    });
  const allowed = options.allowCredentials ?? [];
  if (allowed.length === 0 && !authenticator.residentKey)
    throw refusal({
      name: "NotAllowedError",
      what: "The relying party names no credential, and this one is not discoverable",
      remedy: 'Log in with the user\'s id, or declare the credential with `residentKey: "required"`',
    });
  if (allowed.length > 0 && !allowed.some((one) => unpadded(one.id) === id))
    throw refusal({
      name: "NotAllowedError",
      what: `The relying party allows ${allowed.length} credential${allowed.length === 1 ? "" : "s"}, and this is not among them`,
      remedy: "Refresh: the credential may have been removed from the service or belong to another user",
    });
}
