/**
 * The access tokens: JWTs with the claims of contracts/baikal.md, all of whose times are the tenant's. Nothing of them is stored:
 * a signature by a published key is what makes one known again, also after a restart.
 */
import { randomUUID } from "node:crypto";
import { createLocalJWKSet, jwtVerify } from "jose";
import type { Adapter, AdapterPayload } from "oidc-provider";
import { z } from "zod";
import type { Clock } from "../clock.js";
import type { AssertionClaims } from "./assertion.js";
import { SIGNING_ALGORITHM } from "./assumptions.js";
import type { SigningKeySet } from "./signing-keys.js";

/** What a token says beside what every JWT of the server says. */
export interface AccessTokenClaims {
  readonly sub: string;
  readonly active: true;
  readonly scope: string;
  readonly purpose: string;
  readonly authorization_id: string;
  readonly authentication_context: readonly unknown[];
  readonly identifier_bound_scope: readonly unknown[];
  readonly acr_values: string;
}

export interface Wanted {
  readonly scope: string;
  readonly purpose: string;
}

/** Of a client that acts for itself. */
export function clientsOwnClaims(clientId: string, { scope, purpose }: Wanted): AccessTokenClaims {
  return claims({ sub: clientId, scope, purpose });
}

/** Of the user for whom the client vouches. */
export function assertedClaims(asserted: AssertionClaims): AccessTokenClaims {
  return claims(asserted);
}

type Source = Wanted & { readonly sub: string } & Partial<AssertionClaims>;
function claims({ sub, scope, purpose, authorization_id, authentication_context, acr }: Source): AccessTokenClaims {
  return {
    sub,
    active: true,
    scope,
    purpose,
    authorization_id: authorization_id ?? randomUUID(),
    authentication_context: authentication_context ?? [],
    identifier_bound_scope: [],
    acr_values: acr ?? "",
  };
}

const issuedPayload = z.looseObject({ jti: z.string(), client_id: z.string(), sub: z.string(), scope: z.string() });

/**
 * Where oidc-provider looks tokens up. It would judge `iat` and `exp` by Date.now(), which isn't the tenant's time; so they are
 * judged here, and it is given neither.
 */
export function tokenLookup(issuer: string, { keys }: SigningKeySet, clock: Clock): (model: string) => Adapter {
  const published = createLocalJWKSet({ keys: keys.map(({ d: _private, ...publicJwk }) => publicJwk) });
  const find = async (token: string): Promise<AdapterPayload | undefined> => {
    try {
      const options = { issuer, algorithms: [SIGNING_ALGORITHM], currentDate: new Date(clock.nowMs()) };
      const { payload } = await jwtVerify(token, published, options);
      const { jti, client_id: clientId, sub: accountId, scope } = issuedPayload.parse(payload);
      return { jti, clientId, accountId, scope, aud: [issuer], extra: payload };
    } catch {
      return undefined;
    }
  };
  const nothing = async () => undefined;
  return (model) => ({
    find: model === "AccessToken" ? find : nothing,
    upsert: nothing,
    findByUserCode: nothing,
    findByUid: nothing,
    consume: nothing,
    destroy: nothing,
    revokeByGrantId: nothing,
  });
}
