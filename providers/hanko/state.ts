/**
 * What the state holds of a `HankoCredential`: its declared inputs, the credential with its keys, and what was last seen of it.
 * Version 1. The name, the relying party and the origin are outputs under those names; what was declared of them stands apart.
 */
import { z } from "zod";
import { hankoCredentialInputs } from "./inputs.js";

const { userId, username, displayName, algorithm, attestation, residentKey, userVerification, attachment } =
  hankoCredentialInputs.shape;
const { transports, aaguid, backupEligible, prove, generation, adopt, onDelete, owner } = hankoCredentialInputs.shape;

export const hankoCredentialState = z.object({
  userId,
  username,
  displayName,
  algorithm,
  attestation,
  residentKey,
  userVerification,
  attachment,
  transports,
  aaguid,
  backupEligible,
  prove,
  generation,
  adopt,
  onDelete,
  owner,
  declared: z.object({
    name: z.string().optional(),
    signCount: z.int().optional(),
    rpId: z.string().optional(),
    origin: z.string().optional(),
  }),
  /** The generation of the API that it is registered with. */
  api: z.enum(["passkey", "authentication"]),
  /** As the service has it. */
  name: z.string().optional(),
  rpId: z.string(),
  origin: z.string(),
  /** base64url, unpadded; the resource's id. */
  credentialId: z.string(),
  /** Standard base64 of the SPKI DER. */
  publicKey: z.string(),
  /** Standard base64 of the PKCS#8 DER. Secret. */
  privateKey: z.string(),
  keySource: z.enum(["derived", "random"]),
  /** base64url: the `user.id` of the service's creation options. */
  userHandle: z.string(),
  /** The counter of the last signature that was made here. */
  signCount: z.int(),
  /** RFC 3339, by the service's clock. */
  createdAt: z.string().optional(),
  /** A login with the credential was taken. */
  proven: z.boolean(),
});
export type HankoCredentialState = z.infer<typeof hankoCredentialState>;
