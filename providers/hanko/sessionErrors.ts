/**
 * What keeps a `HankoCredential` from being made, looked at or changed, in a person's words. No user id stands in them: it may be a
 * secret that is declared no more.
 */
import { AuthnError } from "../errors.js";
import type { HankoSettings } from "./settings.js";

type Api = HankoSettings["api"];

const NAMES: Readonly<Record<Api, string>> = { passkey: "Passkey API", authentication: "Authentication API" };

export function alreadyRegistered(): AuthnError {
  return new AuthnError({
    code: "ERR_AUTHN_ALREADY_EXISTS",
    what: "This credential is registered already (adopt: never)",
    remedy:
      "Remove it in the service, or leave `adopt` out: its id comes from this stack's seed, so it is this stack's",
  });
}

export function takenByAnother(): AuthnError {
  return new AuthnError({
    code: "ERR_AUTHN_ALREADY_EXISTS",
    what: "A credential with this id is registered already, for another user",
    remedy: "Remove it in the service, or raise `generation` to make another one",
  });
}

export function otherAuthenticator(): AuthnError {
  return new AuthnError({
    code: "ERR_AUTHN_ALREADY_EXISTS",
    what: "This credential is registered already, with another `aaguid` or `backupEligible` than is declared now",
    remedy:
      "Remove it in the service, declare it as it is there, raise `generation` to make another one, or say `adopt: always`",
  });
}

export function otherRelyingParty(asked: string, expected: string): AuthnError {
  return new AuthnError({
    code: "ERR_AUTHN_CONFIGURATION",
    what: `The Hanko tenant is for the relying party ${asked}, and the credential is declared for ${expected}`,
    remedy: "Set hanko:rpId (or the credential's rpId) to what the tenant is configured with, or use another tenant",
  });
}

export function otherApi(registeredAt: Api, configured: Api): AuthnError {
  return new AuthnError({
    code: "ERR_AUTHN_CONFIGURATION",
    what: `This credential is registered on the ${NAMES[registeredAt]}, and the configuration names the ${NAMES[configured]}`,
    remedy: `Set hanko:api back to ${registeredAt} and destroy before you change it; a credential may stay there with pulumi state delete`,
  });
}

export function notFound(): AuthnError {
  return new AuthnError({
    code: "ERR_AUTHN_PROOF_FAILED",
    what: "Hanko took the registration, and then doesn't have the credential",
    remedy: "Look whether somebody removed it meanwhile; the next `up` makes it again",
  });
}
