/**
 * `createBaikalClient`: what the Python SDK of the 4th Platform's authserver does, for users' own tests and applications
 * (contracts/baikal.md). Where it differs from that SDK, the place says so.
 */
import { AuthnError } from "../errors.js";
import { usableOptions } from "../host/clientOptions.js";
import { realDependencies } from "../host/dependencies.js";
import { type AccessTokenDemands, accessTokenVerifier, type BaikalAccessToken } from "./accessToken.js";
import { baikalApi, type Responded } from "./api.js";
import { type BaikalGrant, signAssertion } from "./assertion.js";
import type { BaikalClientOptions } from "./clientOptions.js";
import type { BaikalDiscovery } from "./discovery.js";
import type { BaikalToken, ClientCredentials } from "./grant.js";
import { baikalHttp, readCaFile } from "./http.js";
import type { BaikalIntrospection } from "./introspection.js";
import { type BaikalKey, jwkSetOf, loadKeys, signingKeyOf } from "./keys.js";
import type { BaikalRequest } from "./request.js";
import { knownServer } from "./server.js";
import { baikalClientSettings } from "./settings.js";
import type { JwkSet } from "./signingKey.js";

/** A jwt-bearer grant, and how its assertion is made. */
export interface JwtBearerGrant extends BaikalGrant {
  /** The key that signs; default: the client's. */
  readonly kid?: string | undefined;
  /** `iat`, in Unix milliseconds; default: now. */
  readonly issuedAtMs?: number | undefined;
  /** `exp` is `iat` and so much, in whole seconds; default 3 600. */
  readonly lifeSeconds?: number | undefined;
}

/** The calls that ask the authserver something. */
export interface BaikalCalls {
  /** Asks for a token of the client's own. */
  clientCredentials(asked?: ClientCredentials, request?: BaikalRequest): Promise<BaikalToken>;
  /** Signs an assertion with the client's key, and asks for a token with it. */
  jwtBearer(grant: JwtBearerGrant, request?: BaikalRequest): Promise<BaikalToken>;
  /** Asks what the server says of a token; of one that isn't good that it is not active. */
  introspect(accessToken: string, request?: BaikalRequest): Promise<BaikalIntrospection>;
}

type WithResponse<Calls> = {
  readonly [Name in keyof Calls]: Calls[Name] extends (...asked: infer Asked) => Promise<infer Result>
    ? (...asked: Asked) => Promise<Responded<Result>>
    : never;
};

/** Errors are told apart by `baikalErrorKind`. */
export interface BaikalClient extends BaikalCalls {
  /** The same, each with the whole response: status, headers, body. */
  readonly withResponse: WithResponse<BaikalCalls>;
  /** Checks an access token offline, with the server's keys. @throws BaikalError of kind "invalid-token" */
  verifyAccessToken(token: string, demands?: AccessTokenDemands): Promise<BaikalAccessToken>;
  /** As known; kept for 900 s. */
  discovery(): Promise<BaikalDiscovery>;
  /** This client's own public keys, for the route that the authserver reads them from; with `kid` and `use`, unlike the SDK's. */
  jwkSet(): Promise<JwkSet>;
}

/**
 * A client of a Baikal authserver.
 * @throws AuthnError `ERR_AUTHN_CONFIGURATION` for options that can't be used, `ERR_AUTHN_HOST_REFUSED` for a host that isn't allowed
 * @example
 * const { endpoint, clientId, clientSecret, issuer } = tenant.record.baikal;
 * const { activePrivateKey } = outputs.clients.billing.baikal;
 * const baikal = createBaikalClient({ endpoint, clientId, clientSecret, issuer, privateKey: activePrivateKey });
 * const { accessToken } = await baikal.jwtBearer({ sub: "ada", scope: ["openid"] });
 * await baikal.verifyAccessToken(accessToken, { scope: "openid" });
 */
export function createBaikalClient(options: BaikalClientOptions): BaikalClient {
  const real = realDependencies();
  const {
    keyFiles,
    privateKey,
    kid: ownKid,
    verifyCerts = true,
    allowedHosts = [],
    timeoutMs,
    maxConnections,
  } = options;
  const { maxRequestsPerSecond, clock = real.clock, warn = real.warn } = options;
  const { endpoint, clientId, clientSecret, issuer, caFile } = options;
  const named = { endpoint, clientId, clientSecret, issuer, caFile };
  const settings = usableOptions("createBaikalClient", baikalClientSettings, named);
  const dependencies = { ...real, warn, clock: { now: () => clock.now(), sleep: real.clock.sleep } };
  const http = baikalHttp(
    settings,
    {
      allowedHosts: [...allowedHosts],
      timeoutMs,
      maxRequestsPerSecond,
      concurrency: maxConnections,
      ...(settings.caFile === undefined ? {} : { ca: readCaFile(settings.caFile, process.cwd()) }),
      unverifiedTls: !verifyCerts,
    },
    dependencies,
  );
  const api = baikalApi(http, settings.endpoint);
  const server = knownServer(api, dependencies);

  let loading: Promise<readonly BaikalKey[]> | undefined;
  const keys = () => {
    loading ??= loadKeys({ files: keyFiles, pem: privateKey }).catch((error: unknown) => {
      loading = undefined; // what is put right is seen at the next call
      throw error;
    });
    return loading;
  };

  const withResponse: WithResponse<BaikalCalls> = {
    async clientCredentials(asked = {}, request = {}) {
      const { discovery } = await server.known();
      return api.clientCredentials(discovery, asked, request);
    },

    async jwtBearer(grant, request = {}) {
      const { kid = ownKid, issuedAtMs, ...rest } = grant;
      if (settings.issuer === undefined) throw noIssuer();
      const key = signingKeyOf(await keys(), kid);
      const { discovery } = await server.known();
      const assertion = await signAssertion({
        ...rest,
        ...{ privateKey: key.privateKey, alg: key.alg, kid: key.kid },
        ...{ issuer: settings.issuer, audience: discovery.issuer, nowMs: issuedAtMs ?? clock.now() },
      });
      return api.jwtBearer(discovery, assertion, request);
    },

    async introspect(accessToken, request = {}) {
      const { discovery } = await server.known();
      return api.introspect(discovery, accessToken, request);
    },
  };

  return {
    withResponse,
    clientCredentials: async (...asked) => (await withResponse.clientCredentials(...asked)).result,
    jwtBearer: async (...asked) => (await withResponse.jwtBearer(...asked)).result,
    introspect: async (...asked) => (await withResponse.introspect(...asked)).result,
    verifyAccessToken: accessTokenVerifier(server, dependencies.clock),
    discovery: async () => (await server.known()).discovery,
    jwkSet: async () => jwkSetOf(await keys()),
  };
}

function noIssuer(): AuthnError {
  return new AuthnError({
    code: "ERR_AUTHN_CONFIGURATION",
    what: "An assertion needs the client's own issuer, and none is given",
    remedy: "Give it as the option issuer, or as BAIKAL_ISSUER, as it is registered in the authserver",
  });
}
