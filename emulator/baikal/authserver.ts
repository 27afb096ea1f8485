/**
 * The OpenID Connect server: oidc-provider with what contracts/baikal.md knows of it. Its keys are fixed when it is made, so each
 * rotation makes a new one. Its own clock is Date.now(): every time that it would tell is replaced by one of the tenant's.
 */
import Provider, { type KoaContextWithOIDC } from "oidc-provider";
import { z } from "zod";
import type { AccessTokenClaims } from "./access-tokens.js";
import { paths, SIGNING_ALGORITHM, TOKEN_TYPE } from "./assumptions.js";
import { configurationOf, type Served } from "./configuration.js";
import { type Grant, type GrantParts, grantsOf } from "./grants.js";

export type AuthserverParts = GrantParts & Served;

/** A handler of node:http. */
export type NodeHandler = ReturnType<Provider["callback"]>;

export function authserver(parts: AuthserverParts): NodeHandler {
  const { issuer, accessTokenSeconds, clock, keys } = parts;
  const claimsOf = new WeakMap<object, AccessTokenClaims>();
  const grants = grantsOf(parts);
  const provider = new Provider(issuer, {
    ...configurationOf(
      parts,
      grants.map(({ type }) => type),
    ),
    formats: {
      customizers: {
        jwt(_context, token, jwt) {
          const iat = Math.floor(clock.nowMs() / 1_000);
          Object.assign(jwt.payload, claimsOf.get(token), { iat, exp: iat + accessTokenSeconds });
          jwt.header = { typ: TOKEN_TYPE };
          return jwt;
        },
      },
    },
  });
  const answer = (grant: Grant) => async (context: KoaContextWithOIDC) => {
    const claims = await grant.claimsFor(context);
    const { client } = context.oidc;
    if (client === undefined) throw new Error("oidc-provider ran a grant without a client");
    const { scope, purpose, sub: accountId } = claims;
    // Only what is for a resource server becomes a JWT there.
    const jwt = { sign: { alg: SIGNING_ALGORITHM, kid: keys.activeKid } } as const;
    const resourceServer = { scope, audience: issuer, accessTokenFormat: "jwt", jwt } as const;
    const token = new provider.AccessToken({ client, accountId, scope, resourceServer, gty: grant.type, grantId: "" });
    claimsOf.set(token, claims);
    context.oidc.entity("AccessToken", token);
    const accessToken = await token.save();
    // A second less than its life, as if answering had taken one: so it is known.
    const expiresIn = accessTokenSeconds - 1;
    context.body = { access_token: accessToken, token_type: "Bearer", expires_in: expiresIn, scope, purpose };
  };
  for (const grant of grants) provider.registerGrantType(grant.type, answer(grant), [...grant.parameters]);
  provider.use(async (context, next) => {
    await next();
    // The lookup kept a token's times from oidc-provider, which would judge them; the answer has them.
    const found = introspected.safeParse(context);
    if (found.success) Object.assign(found.data.body, found.data.oidc.entities.AccessToken.extra);
  });
  // Koa would print to the console what the answer tells already.
  provider.app.silent = true;
  return provider.callback();
}

const introspected = z.object({
  path: z.literal(paths.introspection),
  body: z.custom<object>((body) => typeof body === "object" && body !== null),
  oidc: z.object({
    entities: z.object({ AccessToken: z.object({ extra: z.object({ iat: z.number(), exp: z.number() }) }) }),
  }),
});
