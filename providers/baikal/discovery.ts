/** What an authserver says of itself: its addresses and its public keys (contracts/baikal.md, "Discovery"; RFC 7517 §5). */
import { z } from "zod";

/** What discovery says (OpenID Connect Discovery 1.0 §3), as far as it is used. */
export interface BaikalDiscovery {
  /** Verbatim, usually with a trailing slash: the `aud` of an assertion and the `iss` of an access token. */
  readonly issuer: string;
  readonly tokenEndpoint: string;
  readonly jwksUri: string;
  readonly authorizationEndpoint?: string | undefined;
  readonly introspectionEndpoint?: string | undefined;
  readonly introspectionAuthMethods?: readonly string[] | undefined;
}

/** A set of public keys as it came; what each of them is, whoever uses it finds out. */
export interface ServerJwks {
  readonly keys: { [member: string]: unknown; kty: string }[];
}

export const discoveryAnswer = z
  .object({
    issuer: z.string().min(1),
    token_endpoint: z.string().min(1),
    jwks_uri: z.string().min(1),
    authorization_endpoint: z.string().optional(),
    introspection_endpoint: z.string().optional(),
    introspection_endpoint_auth_methods_supported: z.array(z.string()).optional(),
  })
  .transform(
    (found): BaikalDiscovery => ({
      issuer: found.issuer,
      tokenEndpoint: found.token_endpoint,
      jwksUri: found.jwks_uri,
      authorizationEndpoint: found.authorization_endpoint,
      introspectionEndpoint: found.introspection_endpoint,
      introspectionAuthMethods: found.introspection_endpoint_auth_methods_supported,
    }),
  );
export const jwksAnswer = z.object({
  keys: z.array(z.looseObject({ kty: z.string("must be text") }), "must be a list"),
});
