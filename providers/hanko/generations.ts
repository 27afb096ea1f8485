/** Each generation of Hanko's API, opened for one configuration: its own wire, and the same behind the interface of both. */
import type { Dependencies } from "../host/lifecycle.js";
import { withProvenAbsence } from "./absence.js";
import { hankoAuthenticationApi } from "./authenticationApi.js";
import { authenticationGeneration } from "./authenticationGeneration.js";
import { hankoAuthenticationHttp, hankoPasskeyHttp, type RequestLimits } from "./http.js";
import { hankoPasskeyApi } from "./passkeyApi.js";
import { passkeyGeneration } from "./passkeyGeneration.js";
import type { HankoAuthenticationSettings, HankoPasskeySettings } from "./settings.js";
import { hankoTokenVerifier } from "./tokens.js";

export function openAuthentication(
  settings: HankoAuthenticationSettings,
  limits: RequestLimits,
  dependencies: Dependencies,
) {
  const authentication = hankoAuthenticationApi(hankoAuthenticationHttp(settings, limits, dependencies));
  return { authentication, api: withProvenAbsence(authenticationGeneration(authentication)) };
}

export function openPasskey(settings: HankoPasskeySettings, limits: RequestLimits, dependencies: Dependencies) {
  const passkey = hankoPasskeyApi(hankoPasskeyHttp(settings, limits, dependencies));
  const verifyToken = hankoTokenVerifier(() => passkey.jwks(), settings.rpId, dependencies.clock);
  return { passkey, verifyToken, api: withProvenAbsence(passkeyGeneration(passkey, verifyToken, dependencies.random)) };
}
