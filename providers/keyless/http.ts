/** The HTTP clients of Keyless's three services: their addresses, key headers and limits, and what errors name. */
import type { AuthnSettings } from "../host/configuration.js";
import type { Dependencies } from "../host/lifecycle.js";
import { createHttpClient, type HttpClient } from "../http/client.js";
import type { KeylessSettings } from "./settings.js";

export interface KeylessHttp {
  readonly agent: HttpClient;
  readonly operations: HttpClient;
  readonly authentication: HttpClient;
}

export function keylessHttp(
  settings: KeylessSettings,
  { allowedHosts, timeoutMs, maxRequestsPerSecond }: Omit<AuthnSettings, "seed" | "tenant">,
  dependencies: Dependencies,
): KeylessHttp {
  const { apiKey, authenticationApiKey } = settings;
  const shared = {
    allowedHosts,
    timeoutMs,
    ...(maxRequestsPerSecond === undefined ? {} : { maxRequestsPerSecond }),
    // A service that was given the wrong key shows it to the operator of another: none may be shown by any.
    secrets: [apiKey, authenticationApiKey],
  };
  // Each service asks for a header of its own: with their addresses swapped, both say that the key is missing.
  return {
    agent: createHttpClient(
      {
        ...shared,
        service: "Keyless agent",
        urlProperty: "keyless:agentUrl",
        // It asks for no key: whoever does is no agent.
        credentialProperty: "keyless:agentUrl",
        baseUrl: settings.agentUrl,
        concurrency: settings.agentConcurrency,
        timeoutMs: settings.agentTimeoutMs,
      },
      dependencies,
    ),
    operations: createHttpClient(
      {
        ...shared,
        service: "Keyless Operations Service",
        urlProperty: "keyless:operationsUrl",
        credentialProperty: "keyless:apiKey and keyless:operationsUrl",
        baseUrl: settings.operationsUrl,
        headers: { "x-api-key": apiKey },
      },
      dependencies,
    ),
    authentication: createHttpClient(
      {
        ...shared,
        service: "Keyless Authentication Service",
        urlProperty: "keyless:authenticationUrl",
        credentialProperty: "keyless:authenticationApiKey and keyless:authenticationUrl",
        baseUrl: settings.authenticationUrl,
        headers: { "kl-api-key": authenticationApiKey },
      },
      dependencies,
    ),
  };
}
