/**
 * Baikal's configuration: the authserver, the client that tries a new key there, and where key documents are put
 * (contracts/baikal.md). Nothing is required here: what a ring needs depends on what it declares. Values arrive as text.
 */
import { z } from "zod";
import type { ConfigurationSection } from "../host/configuration.js";
import { baikalConfigurationKeys } from "./inputs.js";

const address = z
  .url({ protocol: /^https?$/, error: "must be an http or https address" })
  .refine((url) => !/[?#]/.test(url), "must have no query and no fragment");
const printable = z
  .string("must be text")
  .min(1, "must not be empty")
  .regex(/^[\x20-\x7e]*$/, "must be printable ASCII");

const settings = z.object({
  /** The address that discovery stands under, without the trailing slash that the server's issuer has. */
  endpoint: address.transform((url) => url.replace(/\/$/, "")).optional(),
  /** Sent raw in `Basic` credentials, where a colon ends it. */
  clientId: printable.refine((id) => !id.includes(":"), "must not hold a colon").optional(),
  clientSecret: printable.optional(),
  /** The client's own issuer: `iss` of its assertions. */
  issuer: printable.optional(),
  /** PEM of the authorities to trust instead of the system's. */
  caFile: z.string("must be a path").min(1, "must not be empty").optional(),
  /** Key documents are put under it. */
  publishUrl: address.transform((url) => url.replace(/\/+$/, "")).optional(),
  /** Sent as `Authorization: Bearer …` to `publishUrl`. */
  publishToken: z
    .string("must be text")
    .regex(/^[\x21-\x7e]+$/, "must be printable ASCII without spaces")
    .optional(),
});
export type BaikalSettings = z.infer<typeof settings>;

/** What a client can't do without; it publishes nothing. */
export const baikalClientSettings = settings
  .omit({ publishUrl: true, publishToken: true })
  .required({ endpoint: true, clientId: true, clientSecret: true });

export const baikalSection: ConfigurationSection<BaikalSettings> = {
  namespace: baikalConfigurationKeys.namespace,
  keys: [...baikalConfigurationKeys.urls, ...baikalConfigurationKeys.secrets, "clientId", "issuer", "caFile"],
  json: [],
  urls: baikalConfigurationKeys.urls,
  secrets: baikalConfigurationKeys.secrets,
  schema: settings,
  serviceUrl: ({ endpoint = "", publishUrl = "" }) => endpoint || publishUrl,
};
