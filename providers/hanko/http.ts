/**
 * The HTTP clients of Hanko's two APIs: their addresses, their keys, and what errors name. The Authentication API's requests are signed
 * one by one (contracts/hanko.md, "Signing each request").
 */
import type { AuthnSettings } from "../host/configuration.js";
import type { Dependencies } from "../host/lifecycle.js";
import { createHttpClient } from "../http/client.js";
import type { Answer, Call } from "../http/contract.js";
import type { HankoAuthenticationSettings, HankoPasskeySettings } from "./settings.js";
import { authorizationOf } from "./signature.js";

/** A call with a JSON body or none: text, so that it has a length and is signed as it is sent. */
export interface HankoCall extends Omit<Call, "body" | "headers"> {
  readonly body?: string;
}

export interface HankoHttp {
  call(call: HankoCall): Promise<Answer>;
}

/** What all systems' clients are limited by. */
export type RequestLimits = Pick<AuthnSettings, "allowedHosts" | "timeoutMs" | "maxRequestsPerSecond">;

const AUTHENTICATION_PATH = "/v1/webauthn";

export function hankoAuthenticationHttp(
  { url, apiKeyId, apiSecret }: HankoAuthenticationSettings,
  limits: RequestLimits,
  dependencies: Dependencies,
): HankoHttp {
  const secrets = [apiSecret];
  const http = createHttpClient(
    {
      ...shared(limits),
      service: "Hanko Authentication API",
      credentialProperty: "hanko:apiSecret, hanko:apiKeyId and this machine's clock",
      baseUrl: `${url}${AUTHENTICATION_PATH}`,
      secrets,
    },
    dependencies,
  );
  return {
    call(asked) {
      const { method, body } = asked;
      const path = `${AUTHENTICATION_PATH}${asked.path}`;
      return http.call({
        ...asked,
        // Anew for each attempt: a nonce is taken once, and a time soon runs out.
        headers: () => ({
          ...typeOf(asked),
          authorization: authorizationOf(
            { apiKeyId, apiSecret },
            { method, path, body, nowMs: dependencies.clock.now(), nonce: dependencies.random.uuid() },
          ),
        }),
      });
    },
  };
}

export interface HankoPasskeyHttp {
  /** For the calls that ask for the tenant's key. */
  readonly keyed: HankoHttp;
  /** For those that a browser may make. */
  readonly open: HankoHttp;
}

export function hankoPasskeyHttp(
  { url, tenantId, apiKey }: HankoPasskeySettings,
  limits: RequestLimits,
  dependencies: Dependencies,
): HankoPasskeyHttp {
  const secrets = [apiKey];
  const tenant = {
    ...shared(limits),
    service: "Hanko Passkey API",
    urlProperty: "hanko:url and hanko:tenantId",
    baseUrl: `${url}/${tenantId}`,
    secrets,
  };
  const keyed = createHttpClient(
    { ...tenant, credentialProperty: "hanko:apiKey and hanko:tenantId", headers: { apikey: apiKey } },
    dependencies,
  );
  const open = createHttpClient(tenant, dependencies);
  return {
    keyed: { call: (asked) => keyed.call({ ...asked, headers: typeOf(asked) }) },
    open: { call: (asked) => open.call({ ...asked, headers: typeOf(asked) }) },
  };
}

function shared({ allowedHosts, timeoutMs, maxRequestsPerSecond }: RequestLimits) {
  return {
    urlProperty: "hanko:url",
    allowedHosts,
    timeoutMs,
    ...(maxRequestsPerSecond === undefined ? {} : { maxRequestsPerSecond }),
  };
}

function typeOf({ body }: HankoCall): Record<string, string> {
  return body === undefined ? {} : { "content-type": "application/json" };
}
