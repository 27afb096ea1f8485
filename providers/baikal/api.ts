/**
 * Baikal's wire, without any memory: discovery, the server's keys, both grants and introspection (contracts/baikal.md). Only 200 is
 * success.
 */
import type { z } from "zod";
import { AuthnError } from "../errors.js";
import type { Answer } from "../http/contract.js";
import { isLoopbackHost } from "../http/guard.js";
import { urlOf } from "../url.js";
import { type BaikalDiscovery, discoveryAnswer, jwksAnswer, type ServerJwks } from "./discovery.js";
import {
  type BaikalToken,
  type ClientCredentials,
  clientCredentialsForm,
  jwtBearerForm,
  REFUSALS,
  refusalError,
  tokenAnswer,
} from "./grant.js";
import type { BaikalAddress, BaikalHttp } from "./http.js";
import { type BaikalIntrospection, introspectionAnswer } from "./introspection.js";
import { type BaikalRequest, ownParts } from "./request.js";

/** The answer as it came. */
export interface BaikalResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What an answer means, and the answer itself. */
export interface Responded<Result> {
  readonly result: Result;
  readonly response: BaikalResponse;
}

/**
 * The calls of an authserver. Each throws an `HttpError` for what it didn't take, and a `BaikalError` of kind "invalid-grant" with the
 * server's words for an assertion that it refused; `baikalErrorKind` tells them apart.
 */
export interface BaikalApi {
  discovery(request?: BaikalRequest): Promise<BaikalDiscovery>;
  jwks(discovery: BaikalDiscovery, request?: BaikalRequest): Promise<ServerJwks>;
  clientCredentials(
    discovery: BaikalDiscovery,
    asked: ClientCredentials,
    request?: BaikalRequest,
  ): Promise<Responded<BaikalToken>>;
  /** @param assertion as `signAssertion` makes it */
  jwtBearer(discovery: BaikalDiscovery, assertion: string, request?: BaikalRequest): Promise<Responded<BaikalToken>>;
  introspect(
    discovery: BaikalDiscovery,
    token: string,
    request?: BaikalRequest,
  ): Promise<Responded<BaikalIntrospection>>;
}

const FORM = { "content-type": "application/x-www-form-urlencoded", accept: "application/json" };

/** A token and its parts: a server may repeat any of them. */
function partsOf(token: string): readonly string[] {
  return [token, ...token.split(".").slice(1)].filter((part) => part !== "");
}

/**
 * @param endpoint discovery stands under it; without the trailing slash
 * @throws AuthnError `ERR_AUTHN_HOST_REFUSED` or `ERR_AUTHN_CONFIGURATION` for an endpoint that can't be spoken to
 */
export function baikalApi(http: BaikalHttp, endpoint: string): BaikalApi {
  const discoveryAddress = { url: `${endpoint}/.well-known/openid-configuration`, property: "baikal:endpoint" };
  http.assertSound(discoveryAddress);
  /** Loopback is free of the guard for whoever configures it, not for a server elsewhere that names it. */
  const discovered = (url: string, member: string): BaikalAddress => {
    if (isLoopback(url) && !isLoopback(endpoint)) throw pointsHere(member);
    return { url, property: `the ${member} of baikal:endpoint` };
  };
  const get = (address: BaikalAddress, operation: string, request: BaikalRequest = {}) =>
    http.call(address, { operation, method: "GET", ...ownParts(request), answers: [200] });

  /** Repeatable: a token that nobody got runs out by itself, and neither grant can be used up. */
  const post = async (
    address: BaikalAddress,
    operation: string,
    body: string,
    secrets: readonly string[],
    request: BaikalRequest = {},
  ) => {
    const { headers, ...rest } = ownParts(request);
    const answer = await http.call(address, {
      ...rest,
      operation,
      method: "POST",
      headers: { ...headers, ...FORM, authorization: http.authorization },
      body,
      secrets,
      repeatable: true,
      answers: [200, ...REFUSALS],
    });
    if (answer.status !== 200) throw refusalError(answer, operation, [...http.secrets, ...secrets]);
    return answer;
  };

  const token = async (
    discovery: BaikalDiscovery,
    operation: string,
    form: string,
    secrets: readonly string[],
    request?: BaikalRequest,
  ) =>
    responded(
      await post(discovered(discovery.tokenEndpoint, "token_endpoint"), operation, form, secrets, request),
      tokenAnswer,
    );

  return {
    async discovery(request) {
      return (await get(discoveryAddress, "baikal discovery", request)).json(discoveryAnswer);
    },

    async jwks({ jwksUri }, request) {
      return (await get(discovered(jwksUri, "jwks_uri"), "baikal JWKS", request)).json(jwksAnswer);
    },

    clientCredentials: (discovery, asked, request) =>
      token(discovery, "baikal client credentials grant", clientCredentialsForm(asked), [], request),

    jwtBearer: (discovery, assertion, request) =>
      token(discovery, "baikal jwt-bearer grant", jwtBearerForm(assertion), partsOf(assertion), request),

    async introspect({ introspectionEndpoint }, accessToken, request) {
      if (introspectionEndpoint === undefined) throw noIntrospection();
      const address = discovered(introspectionEndpoint, "introspection_endpoint");
      const form = new URLSearchParams({ token: accessToken }).toString();
      const answer = await post(address, "baikal introspection", form, partsOf(accessToken), request);
      return responded(answer, introspectionAnswer);
    },
  };
}

function responded<Result>(answer: Answer, schema: z.ZodType<Result>): Responded<Result> {
  const { status, headers } = answer;
  return { result: answer.json(schema), response: { status, headers, body: answer.text() } };
}

function isLoopback(url: string): boolean {
  const parsed = urlOf(url);
  return parsed !== undefined && isLoopbackHost(parsed.hostname);
}

function pointsHere(member: string): AuthnError {
  return new AuthnError({
    code: "ERR_AUTHN_HOST_REFUSED",
    what: `The authserver's discovery names an address on this machine as its ${member}, and baikal:endpoint is elsewhere`,
    remedy: "Check baikal:endpoint, and what the authserver's discovery names",
  });
}

function noIntrospection(): AuthnError {
  return new AuthnError({
    code: "ERR_AUTHN_CONFIGURATION",
    what: "The authserver's discovery names no introspection_endpoint",
    remedy: "Verify the access token with the server's keys instead",
  });
}
