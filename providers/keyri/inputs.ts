/**
 * What a program may say about a `KeyriPublicKey`, and which configuration its system has. Schemas and types only:
 * a Pulumi program loads this file, so it must not load HTTP or cryptography. Facts: contracts/keyri.md.
 */
import { z } from "zod";
import { adopt, generation, onDelete, owner } from "../host/inputs.js";

/** Assumed: nobody states a limit; common user tables hold 255 characters. */
export const USERNAME_MAX_CHARACTERS = 255;

// A lone surrogate has no UTF-8 form: the service would store another name than the one declared.
const isWellFormed = (text: string) =>
  !/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text);
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const hasControlCharacter = (text: string) => /[\u0000-\u001f\u007f-\u009f]/.test(text);

/** The user a key belongs to: 1 to 255 characters, no control characters; `/ ? # %` and non-ASCII are fine. */
export const keyriUsername = z
  .string("must be text")
  .min(1, "must not be empty")
  .max(USERNAME_MAX_CHARACTERS, `must have at most ${USERNAME_MAX_CHARACTERS} characters`)
  .refine((text) => !hasControlCharacter(text), "must not hold control characters (line breaks, tabs, NUL …)")
  .refine(isWellFormed, "must be valid Unicode, this one has half a surrogate pair");

/** A device's public key in any form of the field; check brings it to base64 of SPKI DER and refuses other curves. */
export const keyriPublicKey = z
  .string("must be text")
  .min(1, "must not be empty")
  .max(10_000, "is far too long for a P-256 public key");

export const keyriPublicKeyInputs = z.strictObject({
  username: keyriUsername,
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
