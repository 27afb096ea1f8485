/**
 * What a program may say about a `KeyriPublicKey`, and which configuration its system has. Schemas and types only:
 * a Pulumi program loads this file, so it must not load HTTP or cryptography. Facts: contracts/keyri.md.
 */
import { z } from "zod";
import { adopt, generation, onDelete, owner, username } from "../host/inputs.js";

/** A device's public key in any form of the field; check brings it to base64 of SPKI DER and refuses other curves. */
export const keyriPublicKey = z
  .string("must be text")
  .min(1, "must not be empty")
  .max(10_000, "is far too long for a P-256 public key");

export const keyriPublicKeyInputs = z.strictObject({
  username,
  /** A real device's key; absent: a P-256 pair is generated. */
  publicKey: keyriPublicKey.optional(),
  /** Sign a login with the private key after the registration and expect the service to take it. */
  prove: z.boolean("must be true or false").optional(),
  generation: generation.optional(),
  adopt: adopt.optional(),
  onDelete: onDelete.optional(),
  owner,
});
export type KeyriPublicKeyInputs = z.infer<typeof keyriPublicKeyInputs>;

/** The names of the system's configuration: which are addresses, and which must be secret off loopback. */
export const keyriConfigurationKeys = { namespace: "keyri", urls: ["url"], secrets: ["token"] } as const;
