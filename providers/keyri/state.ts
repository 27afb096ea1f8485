/**
 * What the state holds of a `KeyriPublicKey`: its declared inputs, the key, and whether the key was proven. Version 1.
 */
import { z } from "zod";
import { adopt, generation, onDelete, owner } from "../host/inputs.js";

export const keyriPublicKeyState = z.object({
  username: z.string(),
  /** Standard base64 of the SPKI DER, P-256. */
  publicKey: z.string(),
  /** Standard base64 of the PKCS#8 DER; absent for a given key. */
  privateKey: z.string().optional(),
  /** Where the key comes from: the declaration, `authn:seed`, or chance. */
  keySource: z.enum(["given", "derived", "random"]),
  /** A login signed with the key was taken. */
  proven: z.boolean(),
  prove: z.boolean().optional(),
  generation: generation.optional(),
  adopt: adopt.optional(),
  onDelete: onDelete.optional(),
  owner,
});
export type KeyriPublicKeyState = z.infer<typeof keyriPublicKeyState>;
