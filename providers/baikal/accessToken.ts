/**
 * Verification of an access token without asking the authserver: its keys, issuer and times, and what the caller demands of it
 * (contracts/baikal.md, "Token endpoint"; RFC 7519, RFC 9068 §4).
 */
import { errors, type JWTPayload, type JWTVerifyOptions, jwtVerify } from "jose";
import { z } from "zod";
import type { Clock } from "../host/lifecycle.js";
import { BaikalError, type TokenFault } from "./errors.js";
import { type SpaceList, separated } from "./scope.js";
import type { BaikalServer, KnownServer, ServerKeys } from "./server.js";

/** What a verified access token says. */
export interface BaikalAccessToken {
  readonly sub?: string | undefined;
  readonly clientId?: string | undefined;
  readonly authorizationId?: string | undefined;
  readonly scope: readonly string[];
  readonly purpose: readonly string[];
  readonly audience: readonly string[];
  /** Unix milliseconds. */
  readonly expiresAtMs: number;
  readonly issuedAtMs?: number | undefined;
  /** Everything that stands in it, by its names on the wire. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** What the token must be good for. */
export interface AccessTokenDemands {
  /** All of them must have been granted. */
  readonly scope?: SpaceList | undefined;
  readonly purpose?: SpaceList | undefined;
  /** One of those that the token is for; default: not looked at. */
  readonly audience?: string | undefined;
  /** How far the server's clock may be off; default 0. */
  readonly clockToleranceMs?: number | undefined;
}

/** @throws BaikalError of kind "invalid-token" with the `TokenFault`; HttpError where the server's keys can't be had */
export type VerifyAccessToken = (token: string, demands?: AccessTokenDemands) => Promise<BaikalAccessToken>;

/** Signatures by a key pair only (RFC 7518 §3.1): a public key must never serve as a shared secret. */
const ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

const list = z.union([z.string(), z.array(z.string())]).nullish();
const claims = z.looseObject({
  exp: z.number(),
  iat: z.number().optional(),
  sub: z.string().optional(),
  aud: list,
  scope: list,
  purpose: list,
  client_id: z.string().optional(),
  authorization_id: z.string().nullish(),
  active: z.boolean().optional(),
});

const REMEDIES: Partial<Record<TokenFault, string>> = {
  expired: "Ask for a new one; check this machine's clock",
  "unknown-key": "Check baikal:endpoint: the token was signed by another server, or with a key that was withdrawn",
  scope: "Ask for a token with these scopes and purposes",
  audience: "Ask for a token for this audience",
};

export function accessTokenVerifier(server: BaikalServer, clock: Clock): VerifyAccessToken {
  const check = async (token: string, { discovery, keys }: KnownServer, demands: AccessTokenDemands) => {
    const { audience, clockToleranceMs = 0 } = demands;
    const payload = await verified(token, keys, {
      algorithms: ALGORITHMS,
      issuer: discovery.issuer,
      ...(audience === undefined ? {} : { audience }),
      clockTolerance: clockToleranceMs / 1000,
      currentDate: new Date(clock.now()),
    });
    return judged(payload, demands);
  };

  return async (token, demands = {}) => {
    const known = await server.known();
    try {
      return await check(token, known, demands);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw untrusted(error);
    }
    // The server's new key may be younger than what is known of it.
    const renewed = (await server.renewed()) ?? known;
    try {
      return await check(token, renewed, demands);
    } catch (error) {
      throw untrusted(error);
    }
  };
}

/** Keys of several types, or without ids, may stand side by side: each that fits the header is tried. */
async function verified(token: string, keys: ServerKeys, options: JWTVerifyOptions): Promise<JWTPayload> {
  try {
    return (await jwtVerify(token, keys, options)).payload;
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    for await (const key of error) {
      try {
        return (await jwtVerify(token, key, options)).payload;
      } catch (mismatch) {
        // What is wrong with a key speaks of that key only; of claims only one that verifies the token speaks.
        if (isAboutClaims(mismatch)) throw mismatch;
      }
    }
    throw new errors.JWSSignatureVerificationFailed();
  }
}

function isAboutClaims(error: unknown): boolean {
  return [errors.JWTExpired, errors.JWTClaimValidationFailed, errors.JWTInvalid].some((kind) => error instanceof kind);
}

function judged(payload: JWTPayload, { scope, purpose }: AccessTokenDemands): BaikalAccessToken {
  const found = claims.parse(payload);
  if (found.active === false) throw invalid("inactive", "it says of itself that it isn't active");
  const granted = { scope: separated(found.scope ?? []), purpose: separated(found.purpose ?? []) };
  const missing = Object.entries({ scope, purpose }).flatMap(([name, wanted]) =>
    separated(wanted)
      .filter((item) => !(name === "scope" ? granted.scope : granted.purpose).includes(item))
      .map((item) => `${name} ${item}`),
  );
  if (missing.length > 0) throw invalid("scope", `it wasn't granted ${missing.join(", ")}`);
  return {
    ...granted,
    sub: found.sub,
    clientId: found.client_id,
    authorizationId: found.authorization_id ?? undefined,
    audience: typeof found.aud === "string" ? [found.aud] : (found.aud ?? []),
    expiresAtMs: found.exp * 1000,
    issuedAtMs: found.iat === undefined ? undefined : found.iat * 1000,
    claims: payload,
  };
}

function faultOf(error: unknown): TokenFault {
  if (error instanceof errors.JWTExpired) return "expired";
  if (error instanceof errors.JWKSNoMatchingKey) return "unknown-key";
  if (error instanceof errors.JWSSignatureVerificationFailed) return "signature";
  if (error instanceof errors.JWTClaimValidationFailed)
    return error.claim === "iss" ? "issuer" : error.claim === "aud" ? "audience" : "claims";
  return error instanceof z.ZodError ? "claims" : "malformed";
}

function untrusted(error: unknown): BaikalError {
  if (error instanceof BaikalError) return error;
  // jose's words name the claim, never its value.
  const detail = error instanceof errors.JOSEError ? error.message : "its claims or its key are of another shape";
  return invalid(faultOf(error), detail);
}

function invalid(reason: TokenFault, detail: string): BaikalError {
  return new BaikalError({
    kind: "invalid-token",
    reason,
    what: `The access token is not taken: ${detail}`,
    remedy: REMEDIES[reason] ?? "Check that it came from the authserver of baikal:endpoint, and unchanged",
  });
}
