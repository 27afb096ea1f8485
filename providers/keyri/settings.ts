/**
 * Keyri's configuration: where the customer's own backend is, and what it calls things. The backend's paths and field names
 * are the documentation's sample; the key management ones are assumed (contracts/keyri.md).
 */
import { z } from "zod";
import type { ConfigurationSection } from "../host/configuration.js";
import { keyriConfigurationKeys } from "./inputs.js";

const path = z.string().regex(/^\/[\x21-\x7e]*$/, 'must begin with "/" and hold no spaces');
const field = z.string().min(1, "must not be empty");

const settings = z.object({
  url: z.url({ protocol: /^https?$/, error: "must be an http or https address" }),
  /** Sent as `Authorization: Bearer …`; the sample has none. */
  token: z
    .string()
    .regex(/^[\x21-\x7e]+$/, "must be printable ASCII without spaces")
    .optional(),
  /** "payload": one field that holds the JSON text, as the documentation's sample; "fields": the four fields as plain JSON. */
  loginFormat: z.enum(["payload", "fields"], 'must be "payload" or "fields"').default("payload"),
  paths: z
    .strictObject({
      registration: path.default("/keyriRegistration"),
      login: path.default("/keyriLogin"),
      keys: path.default("/keyriKeys"),
    })
    .prefault({}),
  fields: z
    .strictObject({
      payload: field.default("keyriPayload"),
      pubKey: field.default("pubKey"),
      username: field.default("username"),
      data: field.default("data"),
      signature: field.default("signature"),
    })
    .prefault({}),
});
export type KeyriSettings = z.infer<typeof settings>;

export const keyriSection: ConfigurationSection<KeyriSettings> = {
  namespace: keyriConfigurationKeys.namespace,
  keys: ["url", "token", "loginFormat", "paths", "fields"],
  json: ["paths", "fields"],
  urls: keyriConfigurationKeys.urls,
  secrets: keyriConfigurationKeys.secrets,
  schema: settings,
  serviceUrl: ({ url }) => url.replace(/\/+$/, ""),
};
