/**
 * Keyless's configuration: where the three services are, their keys, and which public key client states are sealed for
 * (contracts/keyless.md). Values arrive as text.
 */
import { z } from "zod";
import type { ConfigurationSection } from "../host/configuration.js";
import { readEncryptionKey } from "./encryptionKey.js";
import { keylessConfigurationKeys, keylessCustomer } from "./inputs.js";

const baseUrl = z
  .url({ protocol: /^https?$/, error: "must be an http or https address" })
  .transform((url) => url.replace(/\/+$/, ""));
const headerValue = z.string("must be text").regex(/^[\x21-\x7e]+$/, "must be printable ASCII without spaces");

const encryptionPublicKey = z.string("must be text").superRefine((pem, context) => {
  const read = readEncryptionKey(pem);
  if (!read.ok) context.addIssue({ code: "custom", message: read.reason });
});

/** As `openssl pkey -pubin -in key.pem -outform der | openssl sha256` shows it, and as certificate tools do, with colons. */
const fingerprint = z
  .string("must be text")
  .transform((text) => text.trim().replaceAll(":", "").toLowerCase())
  .pipe(
    z
      .string()
      .regex(/^[0-9a-f]{64}$/, "must be the SHA-256 of the key's SPKI DER: 64 hex digits, colons between or not"),
  );

const settings = z
  .object({
    agentUrl: baseUrl,
    /** Required although the regions' addresses are known: a default would be somebody's production. */
    operationsUrl: baseUrl,
    authenticationUrl: baseUrl,
    customer: keylessCustomer,
    apiKey: headerValue,
    /** Default: the apiKey. The services give one secret two header names; a proxy may give it two values. */
    authenticationApiKey: headerValue.optional(),
    /** Pictures with the agent at a time; two CPUs bear five. */
    agentConcurrency: z.coerce
      .number("must be a number")
      .int("must be a whole number")
      .min(1, "must be 1 or more")
      .max(64, "must be at most 64")
      .default(4),
    /** One picture takes three seconds, and the agent queues. */
    agentTimeoutMs: z.coerce
      .number("must be a number of milliseconds")
      .int("must be whole milliseconds")
      .min(1, "must be 1 or more")
      .max(3_600_000, "must be at most 3600000 (an hour)")
      .default(60_000),
    encryptionKeyId: headerValue.optional(),
    /** PEM of the SPKI, RSA of at least 2048 bits. */
    encryptionPublicKey: encryptionPublicKey.optional(),
    /** Lower-case hex of the SHA-256 of the SPKI DER. */
    encryptionKeyFingerprint: fingerprint.optional(),
    /** Whether refresh looks at the devices, one request a user. */
    readDevices: z
      .enum(["true", "false"], 'must be "true" or "false"')
      .default("true")
      .transform((text) => text === "true"),
  })
  .superRefine(({ encryptionKeyId, encryptionPublicKey, encryptionKeyFingerprint }, context) => {
    const fault = (key: string, message: string) => context.addIssue({ code: "custom", path: [key], message });
    if (encryptionKeyId !== undefined && encryptionPublicKey === undefined)
      fault("encryptionKeyId", "needs keyless:encryptionPublicKey beside it: set both or neither");
    if (encryptionPublicKey === undefined) return;
    if (encryptionKeyId === undefined)
      fault("encryptionPublicKey", "needs keyless:encryptionKeyId beside it: set both or neither");
    const pinned = readEncryptionKey(encryptionPublicKey);
    if (pinned.ok && encryptionKeyFingerprint !== undefined && pinned.fingerprint !== encryptionKeyFingerprint)
      fault(
        "encryptionKeyFingerprint",
        `is not that of keyless:encryptionPublicKey, which is ${pinned.fingerprint}: find out which of the two is right`,
      );
  })
  .transform(({ authenticationApiKey, ...rest }) => ({
    ...rest,
    authenticationApiKey: authenticationApiKey ?? rest.apiKey,
  }));
export type KeylessSettings = z.infer<typeof settings>;

export const keylessSection: ConfigurationSection<KeylessSettings> = {
  namespace: keylessConfigurationKeys.namespace,
  keys: [
    ...keylessConfigurationKeys.urls,
    "customer",
    ...keylessConfigurationKeys.secrets,
    "agentConcurrency",
    "agentTimeoutMs",
    "encryptionKeyId",
    "encryptionPublicKey",
    "encryptionKeyFingerprint",
    "readDevices",
  ],
  json: [],
  urls: keylessConfigurationKeys.urls,
  secrets: keylessConfigurationKeys.secrets,
  schema: settings,
  serviceUrl: ({ operationsUrl }) => operationsUrl,
};
