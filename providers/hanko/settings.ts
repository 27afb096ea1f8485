/**
 * Hanko's configuration: which generation of the API it is, where, its key, and the relying party that credentials are made for
 * (contracts/hanko.md). Values arrive as text.
 */
import { z } from "zod";
import type { ConfigurationSection } from "../host/configuration.js";
import { urlOf } from "../url.js";
import { relyingPartyFault } from "./authenticator/relyingParty.js";
import { hankoConfigurationKeys, hankoOrigin, hankoRpId } from "./inputs.js";

const baseUrl = z
  .url({ protocol: /^https?$/, error: "must be an http or https address" })
  .refine((url) => !/[?#]/.test(url), "must have no query and no fragment")
  .transform((url) => url.replace(/\/+$/, ""));
const headerValue = z.string("must be text").regex(/^[\x21-\x7e]+$/, "must be printable ASCII without spaces");

const relyingParty = {
  rpId: hankoRpId,
  /** Of the page that credentials are registered at. */
  origin: hankoOrigin,
};

const DEFAULT_API = "passkey";
const generationEntry = z.record(z.string(), z.unknown());

const authentication = z.object({
  api: z.literal("authentication"),
  url: baseUrl.refine(
    (url) => (urlOf(url)?.pathname ?? "/") === "/",
    "must be an origin without a path: the path behind it is signed",
  ),
  /** Without it, the secret itself is sent with each request. */
  apiKeyId: headerValue.optional(),
  apiSecret: headerValue,
  ...relyingParty,
});

const passkey = z.object({
  api: z.literal("passkey"),
  url: baseUrl.refine(
    (url) => !/\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(url),
    "must be what stands before the tenant's id: set that as hanko:tenantId",
  ),
  tenantId: z.guid("must be a UUID, 8-4-4-4-12 hex digits"),
  apiKey: headerValue,
  ...relyingParty,
});

const settings = z
  .looseObject({
    api: z.enum(["authentication", "passkey"], 'must be "authentication" or "passkey"').default(DEFAULT_API),
  })
  .pipe(z.discriminatedUnion("api", [authentication, passkey]))
  .superRefine(({ rpId, origin }, context) => {
    // Whether the two fit is a question only where each is sound.
    if (!hankoRpId.safeParse(rpId).success || !hankoOrigin.safeParse(origin).success) return;
    const fault = relyingPartyFault(rpId, origin);
    if (fault !== undefined)
      context.addIssue({
        code: "custom",
        path: ["rpId"],
        message: `${fault}: set hanko:origin to the page's, and hanko:rpId to its domain`,
      });
  });

export type HankoAuthenticationSettings = z.infer<typeof authentication>;
export type HankoPasskeySettings = z.infer<typeof passkey>;
export type HankoSettings = HankoAuthenticationSettings | HankoPasskeySettings;

export const hankoSection: ConfigurationSection<HankoSettings> = {
  namespace: hankoConfigurationKeys.namespace,
  keys: [
    "api",
    ...hankoConfigurationKeys.urls,
    "tenantId",
    "apiKeyId",
    ...hankoConfigurationKeys.secrets,
    "rpId",
    "origin",
  ],
  json: [],
  urls: hankoConfigurationKeys.urls,
  secrets: hankoConfigurationKeys.secrets,
  schema: settings,
  // The embedded tenant serves both generations, each with an address and a key of its own.
  ofTenant(entry, configured) {
    const own = generationEntry.safeParse(entry[configured("hanko:api") ?? DEFAULT_API]);
    return { ...entry, ...own.data };
  },
  // Credential ids are unique on the whole server of the Passkey API: two of its tenants are two services.
  serviceUrl: (system) => (system.api === "passkey" ? `${system.url}/${system.tenantId}` : system.url),
};
