/** The HTTP client of a Keyri backend: its address, its bearer token, and what errors name. */
import type { AuthnSettings } from "../host/configuration.js";
import type { Dependencies } from "../host/lifecycle.js";
import { createHttpClient, type HttpClient } from "../http/client.js";
import type { KeyriSettings } from "./settings.js";

export function keyriHttp(
  { url, token }: KeyriSettings,
  { allowedHosts, timeoutMs, maxRequestsPerSecond }: Omit<AuthnSettings, "seed" | "tenant">,
  dependencies: Dependencies,
): HttpClient {
  return createHttpClient(
    {
      service: "Keyri",
      urlProperty: "keyri:url",
      credentialProperty: "keyri:token",
      baseUrl: url,
      allowedHosts,
      timeoutMs,
      ...(maxRequestsPerSecond === undefined ? {} : { maxRequestsPerSecond }),
      secrets: token === undefined ? [] : [token],
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    },
    dependencies,
  );
}
