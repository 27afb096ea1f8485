/**
 * A credential as each API tells of it (contracts/hanko.md). What is only shown and not relied on is left out where it is of another
 * type: one odd row must not hide a whole page.
 */
import { z } from "zod";

const id = z.string("must be text").min(1, "must not be empty");
const userId = z.string("must be text");
const text = z
  .string()
  .nullish()
  .catch(undefined)
  .transform((value) => value ?? undefined);
const flag = z.boolean().optional().catch(undefined);

export const authenticationCredential = z.looseObject({
  id,
  name: text,
  createdAt: text,
  lastUsed: text,
  userVerification: flag,
  isResidentKey: flag,
  authenticator: z.looseObject({ aaguid: text, name: text, attachment: text }).optional().catch(undefined),
  user: z.looseObject({ id: userId }),
});
/** There is no public key and no counter in it. */
export type HankoAuthenticationCredential = z.infer<typeof authenticationCredential>;

export const passkeyCredential = z.looseObject({
  id,
  name: text,
  /** base64url of the COSE_Key. */
  public_key: text,
  attestation_type: text,
  aaguid: text,
  last_used_at: text,
  created_at: text,
  /** Always empty, whatever was registered. */
  transports: z.array(z.string()).optional().catch(undefined),
  backup_eligible: flag,
  backup_state: flag,
  is_mfa: flag,
  user_id: userId,
});
export type HankoPasskeyCredential = z.infer<typeof passkeyCredential>;
