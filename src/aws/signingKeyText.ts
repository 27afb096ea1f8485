/** What an application reads of its signing key from Secrets Manager: JSON with all that it signs with, or the PEM alone. */
import { z } from "zod";

/** RFC 7638: base64url of a SHA-256. */
const kid = z.string().regex(/^[\w-]{43}$/, "must be an RFC 7638 thumbprint, as BaikalClientKeys gives in activeKid");
const privateKey = z
  .string()
  .regex(
    /^-----BEGIN PRIVATE KEY-----\r?\n[A-Za-z0-9+/=\r\n]+-----END PRIVATE KEY-----\s*$/,
    "must be one private key in PEM (PKCS#8, unencrypted), as BaikalClientKeys gives in activePrivateKey",
  );

export const signingKey = z.object({
  activeKid: kid,
  activePrivateKey: privateKey,
  algorithm: z.enum(["RS256", "ES256"], "must be RS256 or ES256"),
  issuer: z.string().min(1, "must not be empty").optional(),
});

export const secretFormat = z.enum(["json", "pem"], "must be json or pem");
export type SecretFormat = z.output<typeof secretFormat>;

/** The same key gives the same text, so that only another key is another version. */
export function signingKeyText(key: z.output<typeof signingKey>, format: SecretFormat): string {
  const { activeKid: kid, activePrivateKey: privateKey, algorithm: alg, issuer } = key;
  if (format === "pem") return privateKey;
  return JSON.stringify({ alg, issuer, kid, privateKey });
}
