/** What the authserver can be set to: who its clients are, how long it believes a JWKS it fetched, how long its tokens live. */
import { z } from "zod";
import { urlOf } from "../url.js";
import { DEMONSTRATION } from "./assumptions.js";

export interface BaikalClientOptions {
  /** Visible ASCII without a colon, as Basic authentication needs it; `billing` is the demonstration client's. */
  readonly clientId: string;
  /** Visible ASCII and spaces. A secret.  */
  readonly clientSecret?: string | undefined;
  /** The `iss` of its assertions. */
  readonly issuer: string;
  /** Where the authserver fetches its JWKS. */
  readonly jwksUrl: string;
}

export interface BaikalOptions {
  /** Clients beside the demonstration one. */
  readonly clients?: readonly BaikalClientOptions[] | undefined;
  /** Where the demonstration client's JWKS is fetched; `billing.json` in the tenant's own bucket unless given. */
  readonly jwksUrl?: string | undefined;
  /** How long a fetched JWKS is believed, in seconds of the tenant's clock, whatever it lacks; 900 unless given, 0: not at all. */
  readonly jwksCacheSeconds?: number | undefined;
  /** How long an issued access token lives, in seconds of the tenant's clock; 3600 unless given. */
  readonly accessTokenSeconds?: number | undefined;
  /** The bucket's `Cache-Control: max-age`, in seconds; 0 unless given. */
  readonly bucketMaxAgeSeconds?: number | undefined;
}

const DAY_SECONDS = 86_400;
const seconds = (least: number) => {
  const range = `must be a whole number of seconds, from ${least} to ${DAY_SECONDS}`;
  return z.int(range).min(least, range).max(DAY_SECONDS, range);
};
const webAddress = z
  .string("must be an address")
  .refine(isWebAddress, "must be an http or https address without credentials");

const client = z.strictObject({
  clientId: z.string("must be text").regex(/^[!-9;-~]{1,255}$/, "must be visible ASCII without a colon"),
  clientSecret: z.string("must be text").regex(/^[ -~]{1,255}$/, "must be visible ASCII and spaces"),
  issuer: z.string("must be text").min(1, "must not be empty"),
  jwksUrl: webAddress,
});

export const baikalOptions = z.strictObject({
  clients: z
    .array(client)
    .default([])
    .superRefine((clients, context) => {
      const taken = new Set<string>([DEMONSTRATION.clientId]);
      for (const [index, { clientId }] of clients.entries()) {
        if (taken.has(clientId)) context.addIssue({ code: "custom", path: [index, "clientId"], message: "is taken" });
        taken.add(clientId);
      }
    }),
  jwksUrl: webAddress.optional(),
  jwksCacheSeconds: seconds(0).default(900),
  accessTokenSeconds: seconds(2).default(3_600),
  bucketMaxAgeSeconds: seconds(0).default(0),
});

export type BaikalSettings = z.output<typeof baikalOptions>;

function isWebAddress(text: string): boolean {
  if (urlOf(text) === undefined) return false;
  const { protocol, username, password } = new URL(text);
  return (protocol === "http:" || protocol === "https:") && username === "" && password === "";
}
