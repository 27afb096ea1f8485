/** What the authserver says of an access token (contracts/baikal.md, "Introspection"; RFC 7662 §2.2). */
import { z } from "zod";

/** What the server says of a token. */
export interface BaikalIntrospection {
  /** False: unknown, expired or revoked; nothing else is said then. */
  readonly active: boolean;
  /** Joined by spaces. */
  readonly scope?: string | undefined;
  readonly sub?: string | undefined;
  readonly clientId?: string | undefined;
  readonly issuer?: string | undefined;
  /** Unix milliseconds. */
  readonly expiresAtMs?: number | undefined;
  readonly issuedAtMs?: number | undefined;
  /** Everything that was said, by its names on the wire. */
  readonly claims: Readonly<Record<string, unknown>>;
}

export const introspectionAnswer = z
  .looseObject({
    active: z.boolean(),
    scope: z.string().nullish(),
    sub: z.string().nullish(),
    client_id: z.string().nullish(),
    iss: z.string().nullish(),
    exp: z.number().nullish(),
    iat: z.number().nullish(),
  })
  .transform(
    (claims): BaikalIntrospection => ({
      active: claims.active,
      scope: claims.scope ?? undefined,
      sub: claims.sub ?? undefined,
      clientId: claims.client_id ?? undefined,
      issuer: claims.iss ?? undefined,
      expiresAtMs: milliseconds(claims.exp),
      issuedAtMs: milliseconds(claims.iat),
      claims,
    }),
  );

function milliseconds(seconds: number | null | undefined): number | undefined {
  return typeof seconds === "number" ? seconds * 1000 : undefined;
}
