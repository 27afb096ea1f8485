/**
 * The JSON of what `navigator.credentials.create()` and `.get()` give (WebAuthn L3 §5.1), as leniently as the real servers take it:
 * `id` may be missing at a registration, transports stand in either place, extension outputs have either name.
 */
import { z } from "zod";

const base64url = z
  .string("must be text")
  .transform((text) => text.replace(/={1,2}$/, ""))
  // Two texts for the same bytes would let a changed one pass.
  .refine((text) => Buffer.from(text, "base64url").toString("base64url") === text, "must be base64url");

const transports = z.array(z.string()).nullish();
const extensionOutputs = z
  .looseObject({ credProps: z.looseObject({ rk: z.boolean().optional() }).optional() })
  .nullish();
const common = {
  type: z.literal("public-key", 'must be "public-key"'),
  authenticatorAttachment: z.string().nullish(),
  clientExtensionResults: extensionOutputs,
  extensions: extensionOutputs,
};

export const registrationResponse = z.looseObject({
  ...common,
  transports,
  response: z.looseObject({ clientDataJSON: base64url, attestationObject: base64url, transports }),
});
export type RegistrationResponse = z.output<typeof registrationResponse>;

export const assertionResponse = z
  .looseObject({
    ...common,
    id: base64url.nullish(),
    rawId: base64url.nullish(),
    response: z.looseObject({
      clientDataJSON: base64url,
      authenticatorData: base64url,
      signature: base64url,
      userHandle: base64url.nullish(),
    }),
  })
  .refine(({ id, rawId }) => (rawId ?? id ?? "") !== "", "rawId: must not be missing");
export type AssertionResponse = z.output<typeof assertionResponse>;

const clientData = z.looseObject({ challenge: base64url, origin: z.string() });

/** What the ceremony was for and where it took place; `undefined` where the client data isn't JSON with both. */
export function clientDataOf({ response }: { readonly response: { readonly clientDataJSON: string } }) {
  try {
    return clientData.safeParse(JSON.parse(Buffer.from(response.clientDataJSON, "base64url").toString("utf8"))).data;
  } catch {
    return undefined;
  }
}

/** base64url. */
export function credentialIdOf({ id, rawId }: AssertionResponse): string {
  return rawId ?? id ?? "";
}

export function isResidentKey({ clientExtensionResults, extensions }: RegistrationResponse): boolean | undefined {
  return clientExtensionResults?.credProps?.rk ?? extensions?.credProps?.rk;
}
