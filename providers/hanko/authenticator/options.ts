/**
 * The options of both ceremonies as a relying party sends them (WebAuthn L3 §5.4 and §5.5, JSON forms §5.1.8 and §5.1.9). What the
 * authenticator doesn't look at is dropped; unknown values of an enumeration are ignored, as browsers do.
 */
import { z } from "zod";

const base64url = z.string().regex(/^[A-Za-z0-9_-]+={0,2}$/, "must be base64url");
const requirement = z.enum(["required", "preferred", "discouraged"]).optional().catch(undefined);

const credentialDescriptor = z.object({ id: base64url, type: z.string() });

export const creationOptions = z.object({
  challenge: base64url,
  rp: z.object({ id: z.string().optional() }),
  user: z.object({ id: base64url, name: z.string(), displayName: z.string().optional() }),
  pubKeyCredParams: z.array(z.object({ type: z.string(), alg: z.int() })),
  excludeCredentials: z.array(credentialDescriptor).nullish(),
  authenticatorSelection: z
    .object({
      authenticatorAttachment: z.enum(["platform", "cross-platform"]).optional().catch(undefined),
      residentKey: requirement,
      requireResidentKey: z.boolean().nullish(),
      userVerification: requirement,
    })
    .nullish(),
  extensions: z.object({ credProps: z.boolean().optional() }).nullish(),
});
export type CreationOptions = z.infer<typeof creationOptions>;

export const requestOptions = z.object({
  challenge: base64url,
  rpId: z.string().optional(),
  allowCredentials: z.array(credentialDescriptor).nullish(),
  userVerification: requirement,
});
export type RequestOptions = z.infer<typeof requestOptions>;
