/** How oidc-provider is set: what contracts/baikal.md knows and no more, with nothing left to defaults that print warnings. */
import type { Configuration } from "oidc-provider";
import type { Clock } from "../clock.js";
import { tokenLookup } from "./access-tokens.js";
import { paths, SIGNING_ALGORITHM } from "./assumptions.js";
import type { RegisteredClient } from "./clients.js";
import type { SigningKeySet } from "./signing-keys.js";

export interface Served {
  readonly issuer: string;
  readonly clients: readonly RegisteredClient[];
  readonly keys: SigningKeySet;
  readonly clock: Clock;
  readonly accessTokenSeconds: number;
  /** Would sign cookies, of which none is set. */
  readonly cookieKey: string;
}

const AUTHENTICATION = "client_secret_basic";

export function configurationOf(served: Served, grantTypes: readonly string[]): Configuration {
  const { issuer, clients, keys, clock, accessTokenSeconds, cookieKey } = served;
  return {
    adapter: tokenLookup(issuer, keys, clock),
    clientAuthMethods: [AUTHENTICATION],
    clientBasedCORS: () => false,
    clientDefaults: { id_token_signed_response_alg: SIGNING_ALGORITHM },
    clients: clients.map(({ clientId, clientSecret }) => ({
      client_id: clientId,
      client_secret: clientSecret,
      grant_types: [...grantTypes],
      redirect_uris: [],
      response_types: [],
      token_endpoint_auth_method: AUTHENTICATION,
    })),
    cookies: { keys: [cookieKey] },
    discovery: { introspection_endpoint_auth_methods_supported: [AUTHENTICATION] },
    features: {
      devInteractions: { enabled: false },
      introspection: { enabled: true, allowedPolicy: () => true },
      pushedAuthorizationRequests: { enabled: false },
      resourceIndicators: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
    },
    findAccount: () => undefined,
    jwks: { keys: [...keys.keys] },
    renderError(context, out) {
      context.body = out;
    },
    responseTypes: ["code"],
    routes: paths,
    ttl: { AccessToken: accessTokenSeconds },
  };
}
