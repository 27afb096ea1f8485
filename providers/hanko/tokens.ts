/**
 * The tokens that the Passkey API gives for a finished ceremony: RS256, verified against the tenant's JWKS (contracts/hanko.md; RFC 7519,
 * RFC 7517). The keys are kept for as long as the service says.
 */
import { createLocalJWKSet, errors, jwtVerify } from "jose";
import { z } from "zod";
import { AuthnError } from "../errors.js";
import type { Clock } from "../host/lifecycle.js";
import type { HankoJwks } from "./passkeyApi.js";

export interface HankoTokenClaims {
  readonly userId: string;
  /** base64url. */
  readonly credentialId: string;
  /** After a transaction only. */
  readonly transactionId?: string | undefined;
  /** Unix milliseconds. */
  readonly expiresAtMs: number;
}

/**
 * @param rpId whom the token must be for; default: the configuration's
 * @throws AuthnError `ERR_AUTHN_PROOF_FAILED` for a token that isn't this tenant's, or no longer
 */
export type VerifyHankoToken = (token: string, rpId?: string) => Promise<HankoTokenClaims>;

const claims = z
  .object({ sub: z.string(), cred: z.string(), trans: z.string().optional(), exp: z.number() })
  .transform(({ sub, cred, trans, exp }) => ({
    userId: sub,
    credentialId: cred,
    transactionId: trans,
    expiresAtMs: exp * 1000,
  }));

type KeySet = ReturnType<typeof createLocalJWKSet>;

/** @param fetchJwks called at the first token, once the keys have had their time, and once more for a key that isn't among them */
export function hankoTokenVerifier(fetchJwks: () => Promise<HankoJwks>, rpId: string, clock: Clock): VerifyHankoToken {
  let kept: { readonly keys: KeySet; readonly untilMs: number } | undefined;
  let fetching: Promise<KeySet> | undefined;

  const fetchKeys = async () => {
    const begunMs = clock.now();
    const { keys, maxAgeMs } = await fetchJwks();
    kept = { keys: createLocalJWKSet({ keys }), untilMs: begunMs + maxAgeMs };
    return kept.keys;
  };
  const freshKeys = () => {
    fetching ??= fetchKeys().finally(() => {
      fetching = undefined;
    });
    return fetching;
  };
  const verify = async (token: string, audience: string, keys: KeySet) => {
    const { payload } = await jwtVerify(token, keys, {
      algorithms: ["RS256"],
      audience,
      currentDate: new Date(clock.now()),
      requiredClaims: ["exp", "sub", "cred"],
    });
    return claims.parse(payload);
  };

  return async (token, audience = rpId) => {
    const known = kept !== undefined && clock.now() < kept.untilMs ? kept.keys : undefined;
    const keys = known ?? (await freshKeys());
    try {
      try {
        return await verify(token, audience, keys);
      } catch (error) {
        // A tenant's new key may be younger than the keys that were kept.
        if (known === undefined || !(error instanceof errors.JWKSNoMatchingKey)) throw error;
      }
      return await verify(token, audience, await freshKeys());
    } catch (error) {
      throw untrusted(error);
    }
  };
}

function untrusted(error: unknown): unknown {
  const isJose = error instanceof errors.JOSEError;
  if (!isJose && !(error instanceof z.ZodError)) return error;
  return new AuthnError({
    code: "ERR_AUTHN_PROOF_FAILED",
    // jose's words name the claim, never its value.
    what: `The token is none of this tenant's: ${isJose ? error.message : "its claims are of another shape"}`,
    remedy: "Check hanko:tenantId, hanko:rpId and this machine's clock; a token is good for five minutes",
  });
}
