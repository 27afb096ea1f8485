/** The two grants of the token endpoint, client credentials and jwt-bearer (contracts/baikal.md), in oidc-provider's terms. */
import { errors, type KoaContextWithOIDC } from "oidc-provider";
import type { Clock } from "../clock.js";
import { type AccessTokenClaims, assertedClaims, clientsOwnClaims } from "./access-tokens.js";
import { judge } from "./assertion.js";
import { PROOF_CORRELATOR } from "./assumptions.js";
import type { ClientJwks } from "./client-jwks.js";
import type { RegisteredClient } from "./clients.js";
import { descriptionOf } from "./rejection.js";
import type { Tally } from "./tally.js";

export interface GrantParts {
  /** The server's own, with its trailing slash. */
  readonly issuer: string;
  readonly clients: readonly RegisteredClient[];
  readonly jwks: ClientJwks;
  readonly tally: Tally;
  readonly clock: Clock;
}

export interface Grant {
  readonly type: string;
  /** What of the form belongs to it. */
  readonly parameters: readonly string[];
  /** Whom the token is for, and for what; throws an error of oidc-provider's where the grant is refused. */
  claimsFor(context: KoaContextWithOIDC): AccessTokenClaims | Promise<AccessTokenClaims>;
}

export function grantsOf({ issuer, clients, jwks, tally, clock }: GrantParts): readonly Grant[] {
  return [
    {
      type: "client_credentials",
      parameters: ["scope", "purpose"],
      claimsFor: (context) =>
        clientsOwnClaims(clientOf(context, clients).clientId, {
          scope: parameter(context, "scope"),
          purpose: parameter(context, "purpose"),
        }),
    },
    {
      type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
      parameters: ["assertion"],
      async claimsFor(context) {
        const assertion = parameter(context, "assertion");
        if (assertion === "") throw new errors.InvalidRequest("missing required parameter 'assertion'");
        const client = clientOf(context, clients);
        const sender = context.get("x-correlator").startsWith(PROOF_CORRELATOR) ? "proof" : "client";
        const verdict = await judge(assertion, {
          issuer: client.issuer,
          audience: issuer,
          nowMs: clock.nowMs(),
          jwks: () => jwks.of(client),
        });
        if ("claims" in verdict) {
          tally.add(sender, "accepted");
          return assertedClaims(verdict.claims);
        }
        tally.add(sender, verdict.rejected.reason);
        // InvalidGrant keeps its reason to itself; here the client is to learn it.
        throw new errors.CustomOIDCProviderError("invalid_grant", descriptionOf(verdict.rejected));
      },
    },
  ];
}

function clientOf({ oidc }: KoaContextWithOIDC, clients: readonly RegisteredClient[]): RegisteredClient {
  const found = clients.find(({ clientId }) => clientId === oidc.client?.clientId);
  if (found === undefined) throw new errors.InvalidClient("the client isn't registered");
  return found;
}

function parameter({ oidc }: KoaContextWithOIDC, name: string): string {
  const value = oidc.params?.[name];
  return typeof value === "string" ? value : "";
}
