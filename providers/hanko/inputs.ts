/**
 * What a program may say about a `HankoCredential`, and which configuration its system has. Schemas and types only:
 * a Pulumi program loads this file, so it must not load HTTP or cryptography. Facts: contracts/hanko.md, "Measured".
 */
import { z } from "zod";
import { adopt, generation, onDelete, owner } from "../host/inputs.js";
import { urlOf } from "../url.js";

/** What the server stores; it answers 500 to anything beyond, so all of it is refused before the request. */
export const HANKO_LIMITS = {
  userIdCharacters: 255,
  nameCharacters: 255,
  usernameCharacters: 128,
  displayNameCharacters: 128,
  credentialIdBytes: 187,
  signCount: 2 ** 31 - 1,
} as const;

/** A user id of so many bytes is taken for a UUID when it comes back as a user handle, and nobody logs in with it. */
const MISREAD_USER_ID_BYTES = 16;

const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** Whole characters, as the server counts them: an emoji is one. */
const text = (maxCharacters: number) =>
  z
    .string("must be text")
    .min(1, "must not be empty")
    .refine((value) => [...value].length <= maxCharacters, `must have at most ${maxCharacters} characters`)
    .refine((value) => !value.includes("\0"), "must not hold NUL")
    .refine((value) => !LONE_SURROGATE.test(value), "must be valid Unicode, this one has half a surrogate pair");

export const hankoUserId = text(HANKO_LIMITS.userIdCharacters);
export const hankoUsername = text(HANKO_LIMITS.usernameCharacters);
export const hankoDisplayName = text(HANKO_LIMITS.displayNameCharacters);
export const hankoCredentialName = text(HANKO_LIMITS.nameCharacters);

/** True for a user id that the Passkey API registers but can't log in; the Authentication API has no such fault. */
export function breaksPasskeyLogin(userId: string): boolean {
  return new TextEncoder().encode(userId).length === MISREAD_USER_ID_BYTES;
}

/** JOSE names; as the servers were measured to take them. */
export const hankoAlgorithm = z.enum(
  ["ES256", "EdDSA", "RS256", "ES384", "ES512", "PS256", "RS384", "RS512"],
  "must be ES256, EdDSA, RS256, ES384, ES512, PS256, RS384 or RS512",
);
export type HankoAlgorithm = z.infer<typeof hankoAlgorithm>;

/** The attestation statement: none, or signed with the credential's own key (WebAuthn L3 §8.2, self attestation). */
export const hankoAttestation = z.enum(["none", "packed"], 'must be "none" or "packed"');
export type HankoAttestation = z.infer<typeof hankoAttestation>;

const requirement = z.enum(
  ["required", "preferred", "discouraged"],
  'must be "required", "preferred" or "discouraged"',
);

export const hankoAttachment = z.enum(["platform", "cross-platform"], 'must be "platform" or "cross-platform"');
export type HankoAttachment = z.infer<typeof hankoAttachment>;

/** WebAuthn L3 §5.8.4. */
export const hankoTransport = z.enum(
  ["ble", "hybrid", "internal", "nfc", "smart-card", "usb"],
  "must be ble, hybrid, internal, nfc, smart-card or usb",
);
export type HankoTransport = z.infer<typeof hankoTransport>;

export const hankoTransports = z
  .array(hankoTransport, "must be a list of transports")
  .refine((transports) => new Set(transports).size === transports.length, "must not name a transport twice");

/** The model of the authenticator; any UUID, all zeros too. */
export const hankoAaguid = z
  .string("must be text")
  .regex(/^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/, "must be a UUID, 8-4-4-4-12 hex digits");

export const hankoSignCount = z
  .int("must be a whole number")
  .min(0, "must be 0 or more")
  .max(HANKO_LIMITS.signCount, `must be at most ${HANKO_LIMITS.signCount}`);

/** A domain, lower-case, in its ASCII form: `localhost`, `example.com`, `xn--bcher-kva.example`. */
export const hankoRpId = z
  .string("must be text")
  .max(253, "must have at most 253 characters")
  .regex(
    /^(?=.*[a-z])[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/,
    "must be a domain in lower case, without scheme and port (example.com)",
  );

/** As a browser writes it into the client data: `https://example.com`, `http://localhost:8080`. */
export const hankoOrigin = z
  .string("must be text")
  .refine(
    isSerialisedOrigin,
    "must be an origin: http or https, host and port, nothing behind it (https://example.com)",
  );

function isSerialisedOrigin(value: string): boolean {
  return /^https?:/.test(value) && urlOf(value)?.origin === value;
}

export const hankoCredentialInputs = z.strictObject({
  userId: hankoUserId,
  username: hankoUsername,
  /** Default: the username, as the server has it. */
  displayName: hankoDisplayName.optional(),
  /** The credential's; default: the server's. The one input that changes in place. */
  name: hankoCredentialName.optional(),
  /** Default: ES256. */
  algorithm: hankoAlgorithm.optional(),
  /** Default: none. */
  attestation: hankoAttestation.optional(),
  residentKey: requirement.optional(),
  userVerification: requirement.optional(),
  attachment: hankoAttachment.optional(),
  transports: hankoTransports.optional(),
  aaguid: hankoAaguid.optional(),
  backupEligible: z.boolean("must be true or false").optional(),
  /** The counter that the registration reports; default: 0. */
  signCount: hankoSignCount.optional(),
  /** Default: the configuration's. */
  rpId: hankoRpId.optional(),
  /** Default: the configuration's. */
  origin: hankoOrigin.optional(),
  /** Log in with the credential after the registration and expect the service to take it. */
  prove: z.boolean("must be true or false").optional(),
  generation: generation.optional(),
  adopt: adopt.optional(),
  onDelete: onDelete.optional(),
  owner,
});
export type HankoCredentialInputs = z.infer<typeof hankoCredentialInputs>;

/** The names of the system's configuration: which are addresses, and which must be secret off loopback. */
export const hankoConfigurationKeys = { namespace: "hanko", urls: ["url"], secrets: ["apiSecret", "apiKey"] } as const;
