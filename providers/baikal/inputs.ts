/**
 * What a program may say about `BaikalClientKeys`, and which configuration its system has. Schemas and types only: a Pulumi
 * program loads this file, so it must not load HTTP or cryptography. Facts: contracts/baikal.md.
 */
import { z } from "zod";
import { adopt, owner } from "../host/inputs.js";
import { duration } from "./ring/duration.js";

const text = (longest = 2_000) =>
  z.string("must be text").min(1, "must not be empty").max(longest, `must have at most ${longest} characters`);

export const baikalIssuer = text();
export const baikalAlgorithm = z.enum(["RS256", "ES256"], 'must be "RS256" or "ES256"');
export type BaikalAlgorithm = z.infer<typeof baikalAlgorithm>;

const SIZES = "must be 2048 (more isn't worth its cost: 3072 or 4096)";
/** Bits of an RSA key. */
export const baikalModulusLength = z.literal([2048, 3072, 4096], SIZES);

const AN_OBJECT = "must be an object";

export const baikalWindow = z.strictObject(
  {
    cron: text(200),
    timeZone: text(100).optional(),
    duration: duration.refine((span) => !/^0+[a-z]$/.test(span), "must be longer than nothing").optional(),
  },
  AN_OBJECT,
);

const address = z.url({ protocol: /^https?$/, error: "must be an http or https address" });
const WHERE = "must name one of file, url, path";

/** Where the document goes: a file of the project, an address that takes PUT, or a path under `baikal:publishUrl`. */
export const baikalPublish = z.union(
  [
    z.strictObject({ file: text() }),
    z.strictObject({ url: address, headers: z.record(z.string(), text(8_000)).optional() }),
    z.strictObject({
      path: text(200).regex(/^[A-Za-z0-9][A-Za-z0-9._/-]*$/, "must be a relative path: billing.json"),
    }),
  ],
  { error: WHERE },
);

export const baikalGrant = z.strictObject(
  {
    sub: text(),
    /** Space-joined. */
    scope: text().optional(),
    purpose: text().optional(),
    authorizationId: z.uuid("must be a UUID").optional(),
    identifier: z.strictObject({ id: text(), type: text(100) }, AN_OBJECT).optional(),
    acr: text(200).optional(),
  },
  AN_OBJECT,
);

export const baikalVerify = z.strictObject({ jwksUrl: address.optional(), grant: baikalGrant.optional() }, AN_OBJECT);

const A_KID = "must be a kid as the `keys` output shows it: 43 characters";
/** base64url of a SHA-256: a key of the ring's own. */
const kid = z.string(A_KID).regex(/^[A-Za-z0-9_-]{43}$/, A_KID);

export const baikalClientKeysInputs = z.strictObject({
  issuer: baikalIssuer.optional(),
  algorithm: baikalAlgorithm.optional(),
  modulusLength: baikalModulusLength.optional(),
  period: duration.optional(),
  epoch: z.iso.datetime({ offset: true, error: 'must be an RFC 3339 time: "2026-01-05T00:00:00Z"' }).optional(),
  window: baikalWindow.optional(),
  verifierCache: duration.optional(),
  publisherCache: duration.optional(),
  tokenLife: duration.optional(),
  clockSkew: duration.optional(),
  rollout: duration.optional(),
  lead: duration.optional(),
  retireAfter: duration.optional(),
  publish: baikalPublish.optional(),
  verify: baikalVerify.optional(),
  /** What a proof that fails does to the run. */
  onFailedProof: z.enum(["fail", "warn"], 'must be "fail" or "warn"').optional(),
  /** Keys that others put into the document have kids of any form. */
  revoked: z.array(text(500), "must be a list of kids").max(100, "must hold at most 100 kids").optional(),
  pinned: kid.optional(),
  /** PEM: the key that signs today. */
  initialKey: text(20_000).optional(),
  withdraw: z.boolean("must be true or false").optional(),
  adopt: adopt.optional(),
  owner,
});
export type BaikalClientKeysInputs = z.infer<typeof baikalClientKeysInputs>;

/** The names of the system's configuration: which are addresses, and which must be secret off loopback. */
export const baikalConfigurationKeys = {
  namespace: "baikal",
  urls: ["endpoint", "publishUrl"],
  secrets: ["clientSecret", "publishToken"],
} as const;
