/**
 * Client authentication: HTTP Basic with the raw `id:secret` (contracts/baikal.md), where RFC 6749 §2.3.1, and with it
 * oidc-provider, has both form-encoded. So they are encoded on the way in.
 */

// What no registered client has: oidc-provider would call it a bad request, where it is a wrong secret.
const CREDENTIALS = /^([!-9;-~]+):([ -~]+)$/;

/** The header as oidc-provider reads it; nothing where the request bears no Basic credentials that could be a client's. */
export function formEncodedBasic(authorization: string | null): string | undefined {
  const encoded = /^basic +([a-z0-9+/]+=*) *$/i.exec(authorization ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const [, id, secret] = CREDENTIALS.exec(Buffer.from(encoded, "base64").toString("utf8")) ?? [];
  if (id === undefined || secret === undefined) return undefined;
  return `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString("base64")}`;
}
