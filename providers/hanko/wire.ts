/**
 * What a relying party's server and a browser hand one another, in the JSON forms of WebAuthn L3 §5.1 (registration and authentication
 * options and responses), so that a backend can pass them through. Binary values are unpadded base64url.
 */
import { z } from "zod";

const base64url = z.string("must be text").regex(/^[A-Za-z0-9_-]+={0,2}$/, "must be base64url");
// Browsers ignore values that they don't know (WebAuthn L3 §2.1.1).
const known = <const Names extends readonly [string, ...string[]]>(...names: Names) =>
  z.enum(names).optional().catch(undefined);
const requirement = known("required", "preferred", "discouraged");
const attachment = known("platform", "cross-platform");
const timeout = z.number().optional();

const credentialDescriptor = z.looseObject({
  id: base64url,
  type: z.literal("public-key", 'must be "public-key"'),
  transports: z.array(z.string()).optional(),
});

const creationOptions = z.looseObject({
  challenge: base64url,
  rp: z.looseObject({ id: z.string().optional(), name: z.string() }),
  user: z.looseObject({ id: base64url, name: z.string(), displayName: z.string() }),
  pubKeyCredParams: z.array(z.looseObject({ type: z.literal("public-key", 'must be "public-key"'), alg: z.int() })),
  /** Milliseconds. */
  timeout,
  excludeCredentials: z.array(credentialDescriptor).optional(),
  authenticatorSelection: z
    .looseObject({
      authenticatorAttachment: attachment,
      residentKey: requirement,
      requireResidentKey: z.boolean().optional(),
      userVerification: requirement,
    })
    .optional(),
  attestation: known("none", "indirect", "direct", "enterprise"),
});

const requestOptions = z.looseObject({
  challenge: base64url,
  rpId: z.string().optional(),
  /** Milliseconds. */
  timeout,
  allowCredentials: z.array(credentialDescriptor).optional(),
  userVerification: requirement,
});

/** For `navigator.credentials.create()`; members that aren't named here are kept. */
export type PublicKeyCredentialCreationOptionsJSON = z.infer<typeof creationOptions>;
/** For `navigator.credentials.get()`; members that aren't named here are kept. */
export type PublicKeyCredentialRequestOptionsJSON = z.infer<typeof requestOptions>;

/** The answer to an initialize call of either API. */
export const creationAnswer = z
  .preprocess(withoutNulls, z.object({ publicKey: creationOptions }))
  .transform(({ publicKey }) => publicKey);
export const requestAnswer = z
  .preprocess(withoutNulls, z.object({ publicKey: requestOptions }))
  .transform(({ publicKey }) => publicKey);

/** Go may write null for what is absent, and browsers take no null. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => (member === null ? [] : [[name, withoutNulls(member)]])),
  );
}

interface ResponseJSON<Response> {
  readonly id: string;
  readonly rawId: string;
  readonly type: string;
  readonly authenticatorAttachment?: string | undefined;
  readonly response: Response;
  readonly clientExtensionResults: object;
}

/** `toJSON()` of what `navigator.credentials.create()` gives. */
export type RegistrationResponseJSON = ResponseJSON<{
  readonly clientDataJSON: string;
  readonly attestationObject: string;
  readonly transports?: readonly string[] | undefined;
}>;

/** `toJSON()` of what `navigator.credentials.get()` gives. */
export type AuthenticationResponseJSON = ResponseJSON<{
  readonly clientDataJSON: string;
  readonly authenticatorData: string;
  readonly signature: string;
  readonly userHandle?: string | undefined;
}>;
