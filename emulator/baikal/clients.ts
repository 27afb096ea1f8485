/** The registered clients, each with its issuer and the URL of that issuer's JWKS: by configuration, since no admin API is public. */
import type { Tokens } from "../identity.js";
import { DEMONSTRATION } from "./assumptions.js";
import type { BaikalSettings } from "./settings.js";

export interface RegisteredClient {
  readonly clientId: string;
  /** A secret. */
  readonly clientSecret: string;
  /** The `iss` of its assertions. */
  readonly issuer: string;
  readonly jwksUrl: string;
}

/** The demonstration client first, then the configured ones. */
export function registeredClients(
  { clients, jwksUrl }: BaikalSettings,
  tokens: Tokens,
  bucketUrl: string,
): readonly [demonstration: RegisteredClient, ...others: RegisteredClient[]] {
  const { clientId, issuer, document } = DEMONSTRATION;
  return [
    {
      clientId,
      clientSecret: tokens.of(`baikal-client ${clientId}`),
      issuer,
      jwksUrl: jwksUrl ?? `${bucketUrl}/${document}`,
    },
    ...clients,
  ];
}
