/**
 * How the Passkey API binds a transaction to what is signed: its challenge ends in the SHA-256 of the transaction's id and data
 * (contracts/hanko.md, "Transaction challenge"). Looked at before anything is signed.
 */
import { createHash } from "node:crypto";
import { AuthnError } from "../errors.js";
import { canonicalJson } from "./canonicalJson.js";

const DIGEST_BYTES = 32;

/** @throws AuthnError `ERR_AUTHN_INPUT` for data that the service couldn't take */
export function transactionDigest(transactionId: string, transactionData: unknown): Buffer {
  return createHash("sha256").update(transactionId).update(canonicalJson(transactionData)).digest();
}

/**
 * @param challenge base64url
 * @throws AuthnError `ERR_AUTHN_PROOF_FAILED` where it stands for another transaction
 */
export function assertStandsFor(challenge: string, digest: Buffer): void {
  if (Buffer.from(challenge, "base64url").subarray(-DIGEST_BYTES).equals(digest)) return;
  throw new AuthnError({
    code: "ERR_AUTHN_PROOF_FAILED",
    what: "The challenge that Hanko gave stands for another transaction than the one that was asked for",
    remedy: "Don't sign it; check that hanko:url names the service itself",
  });
}
