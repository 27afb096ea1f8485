/**
 * What a program may say about a `KeylessUser`, and which configuration its system has. Schemas and types only:
 * a Pulumi program loads this file, so it must not load HTTP or cryptography. Facts: contracts/keyless.md.
 */
import { z } from "zod";
import { adopt, onDelete, owner, username } from "../host/inputs.js";

/** What the picture shows: a selfie, a picture from a trusted source, or a document's portrait. */
export const keylessScenario = z.enum(
  ["SELFIE", "TRUSTED_SOURCE", "DOCUMENT"],
  "must be SELFIE, TRUSTED_SOURCE or DOCUMENT",
);
export type KeylessScenario = z.infer<typeof keylessScenario>;

/** Whether the agent only makes the states, which are then registered and committed, or registers the user at once. */
export const keylessEnrollment = z.enum(["offline", "online"], 'must be "offline" or "online"');

/** The path of the portrait, seen from the project's folder; check brings it to its one form, `faces/ada.jpg`. */
export const keylessImage = z
  .string("must be text")
  .min(1, "must not be empty")
  .max(4_096, "is too long for a path")
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  .regex(/^[^\u0000-\u001f\u007f]*$/, "must not hold control characters");

/** A name that becomes a segment of the services' paths: every URL library resolves these two away (RFC 3986 §6.2.2.3). */
const segment = (name: z.ZodString) =>
  name.refine((text) => text !== "." && text !== "..", "must not be a dot or two, which no address can hold");

/** The tenant's name at the Authentication Service, a segment of its paths. */
export const keylessCustomer = segment(
  z
    .string("must be text")
    .min(1, "must not be empty")
    .max(255, "must have at most 255 characters")
    .regex(/^[\x21-\x7e]+$/, "must be printable ASCII without spaces"),
);

/** A device's public signing key, standard base64, as the `devices` output shows it. */
export const keylessDeviceKey = z
  .string("must be text")
  .min(1, "must not be empty")
  .max(1_000, "is far too long for a public key")
  .regex(/^[A-Za-z0-9+/_-]+={0,2}$/, "must be a public signing key in base64, as the devices output shows it");

export const keylessRevokedDevices = z
  .array(keylessDeviceKey, "must be a list of public signing keys")
  .max(1_000, "must have at most 1000 keys");

export const keylessUserInputs = z.strictObject({
  username: segment(username),
  image: keylessImage,
  /** Lower-case hex. Set by check from the file, never by a person. */
  imageSha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  scenario: keylessScenario,
  /** Default: offline. */
  enrollment: keylessEnrollment.optional(),
  /** Turn the picture as its Exif data says before the face is looked for. */
  exifTranspose: z.boolean("must be true or false").optional(),
  /** Default: the configuration's. */
  customer: keylessCustomer.optional(),
  /** Default: the username, which the service itself sets. */
  externalUserId: segment(username).optional(),
  revokedDevices: keylessRevokedDevices.optional(),
  keepClientState: z.boolean("must be true or false").optional(),
  adopt: adopt.optional(),
  onDelete: onDelete.optional(),
  owner,
});
export type KeylessUserInputs = z.infer<typeof keylessUserInputs>;

/** The names of the system's configuration: which are addresses, and which must be secret off loopback. */
export const keylessConfigurationKeys = {
  namespace: "keyless",
  urls: ["agentUrl", "operationsUrl", "authenticationUrl"],
  secrets: ["apiKey", "authenticationApiKey"],
} as const;
