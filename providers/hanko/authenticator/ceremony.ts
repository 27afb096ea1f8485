/** What both ceremonies share: the page they run on, and what every browser checks first (WebAuthn L3 §5.1.3 and §5.1.4). */

import { urlOf } from "../../url.js";
import type { AuthenticatorExtensions } from "./authenticatorData.js";
import type { CredentialSource } from "./credential.js";
import { refusal } from "./refusal.js";
import { relyingPartyFault } from "./relyingParty.js";

export interface Ceremony {
  /** Of the page, serialised: `https://example.com`. */
  readonly origin: string;
  /** True where the page is framed by one of another origin; default: false. */
  readonly crossOrigin?: boolean | undefined;
  /** The counter that this ceremony reports: for a login, one more than the last. */
  readonly signCount: number;
  /** Outputs of authenticator extensions. */
  readonly extensions?: AuthenticatorExtensions | undefined;
}

/** The relying party id that counts; without one, browsers take the page's host. */
export function effectiveRpId(rpId: string | undefined, origin: string): string {
  const effective = rpId ?? urlOf(origin)?.hostname ?? "";
  const fault = relyingPartyFault(effective, origin);
  if (fault === undefined) return effective;
  throw refusal({
    name: "SecurityError",
    what: `The relying party id ${fault}`,
    remedy: "Set the relying party id and the origin that the service is configured with",
  });
}

/** Whether the user is verified in this ceremony. */
export function verifiesUser(
  authenticator: CredentialSource["authenticator"],
  requirement: "required" | "preferred" | "discouraged" | undefined,
): boolean {
  if (authenticator.userVerification) return requirement !== "discouraged";
  if (requirement !== "required") return false;
  throw refusal({
    name: "NotAllowedError",
    what: "The relying party requires user verification, and the credential is declared without it",
    remedy: 'Declare the credential with `userVerification: "preferred"` or "required"',
  });
}

/** base64url brought to its one form: browsers decode and encode it again. */
export function unpadded(base64url: string): string {
  return Buffer.from(base64url, "base64url").toString("base64url");
}
