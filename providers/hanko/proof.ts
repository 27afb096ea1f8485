/** Whose signature a service took: a login proves a credential only where it is that credential's and its user's (WebAuthn L3 §7.2). */
import { AuthnError } from "../errors.js";
import type { HankoProof } from "./api.js";

type Whose = Pick<HankoProof, "userId" | "credentialId">;

/** @throws AuthnError `ERR_AUTHN_PROOF_FAILED` where it is another's; a user id may be a secret, and isn't repeated */
export function assertProofOf({ userId, credentialId }: Whose, proof: Whose): void {
  if (proof.userId === userId && proof.credentialId === credentialId) return;
  const whose = proof.userId === userId ? `that of the credential ${proof.credentialId}` : "that of another user";
  throw new AuthnError({
    code: "ERR_AUTHN_PROOF_FAILED",
    what: `Hanko took the signature for ${whose}`,
    remedy: "Check that the credential's outputs belong together",
  });
}
