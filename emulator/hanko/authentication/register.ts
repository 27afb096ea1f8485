/** What the Authentication API keeps of a credential, and how it shows it: neither public key nor counter (contracts/hanko.md). */
import { z } from "zod";
import type { Store } from "../../store/store.js";
import { CredentialRegister } from "../credentials.js";

const credentialRow = z.object({
  id: z.string(),
  userId: z.string(),
  name: z.string(),
  publicKey: z.string(),
  /** RFC 3339 in UTC, by the tenant's clock. */
  createdAt: z.string(),
  lastUsed: z.string(),
  userVerification: z.boolean(),
  isResidentKey: z.boolean(),
  aaguid: z.string(),
  attachment: z.string().optional(),
});

export type AuthenticationCredential = z.infer<typeof credentialRow>;
export type AuthenticationRegister = CredentialRegister<AuthenticationCredential>;

export function openRegister(store: Store): Promise<AuthenticationRegister> {
  return CredentialRegister.open(store, "hanko-authentication-credentials", credentialRow);
}

export function shown(credential: AuthenticationCredential) {
  const { id, createdAt, lastUsed, name, userVerification, isResidentKey, aaguid, attachment, userId } = credential;
  const authenticator = { aaguid, ...(attachment === undefined ? {} : { attachment }) };
  return { id, createdAt, lastUsed, name, userVerification, isResidentKey, authenticator, user: { id: userId } };
}
