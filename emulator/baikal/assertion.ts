/**
 * Judges the assertion of a jwt-bearer grant (RFC 7523 §3; contracts/baikal.md, token endpoint): signed by a key of the client's
 * JWKS as the authserver knows it, for this server, by the client's issuer, within its life on the tenant's clock.
 */
import { decodeProtectedHeader, errors, importJWK, type JWTPayload, jwtVerify } from "jose";
import { z } from "zod";
import { describeIssues } from "../invalid.js";
import { ASSERTION_LIFE_SECONDS, CLOCK_TOLERANCE_SECONDS, LEAST_RSA_BITS } from "./assumptions.js";
import type { JwksReading, PublicJwk } from "./client-jwks.js";
import type { Rejection, RejectionReason } from "./rejection.js";

const identifier = z.object({ id: z.string().min(1), type: z.string().min(1) });
const authenticated = z.object({ identifier: z.unknown(), type: z.string() });
const assertionClaims = z.object({
  sub: z.string("must be text").min(1, "must not be empty"),
  active: z.literal(true, "must be true"),
  scope: z.string("must be text"),
  purpose: z.string("must be text"),
  iat: z.number("must be a number"),
  exp: z.number("must be a number"),
  authorization_id: z.uuid("must be a UUID").optional(),
  identifier: identifier.optional(),
  acr: z.string("must be text").optional(),
  authentication_context: z.array(authenticated).optional(),
});
const header = z.object({
  alg: z.enum(["RS256", "ES256"], "must be RS256 or ES256"),
  kid: z.string("must be text").optional(),
});

export type AssertionClaims = z.output<typeof assertionClaims>;
export type Verdict = { readonly claims: AssertionClaims } | { readonly rejected: Rejection };

export interface Expected {
  /** The client's issuer. */
  readonly issuer: string;
  /** The authserver's own, verbatim as discovery has it. */
  readonly audience: string;
  readonly nowMs: number;
  readonly jwks: () => Promise<JwksReading>;
}

export async function judge(assertion: string, expected: Expected): Promise<Verdict> {
  const parsed = header.safeParse(headerOf(assertion));
  if (!parsed.success)
    return rejected("malformed", `the assertion's header isn't one: ${describeIssues(parsed.error)}`);
  const jwks = await expected.jwks();
  if ("rejected" in jwks) return jwks;
  const candidates = candidatesFor(parsed.data, jwks.keys);
  if (candidates.length === 0) return rejected("unknown key", whyUnknown(parsed.data, jwks.keys.length));
  const verified = await verifiedBy(candidates, assertion, parsed.data.alg, expected);
  return "payload" in verified ? claimsOf(verified.payload, expected) : verified;
}

/** With a `kid`, the key of that name, else those that have none; without, all that the algorithm fits. */
function candidatesFor({ alg, kid }: z.output<typeof header>, keys: readonly PublicJwk[]): readonly PublicJwk[] {
  const fitting = keys.filter(
    (key) =>
      (alg === "RS256" ? key.kty === "RSA" : key.kty === "EC" && key.crv === "P-256") &&
      (key.alg === undefined || key.alg === alg) &&
      (key.use === undefined || key.use === "sig"),
  );
  if (kid === undefined) return fitting;
  const named = fitting.filter((key) => key.kid === kid);
  return named.length > 0 ? named : fitting.filter((key) => key.kid === undefined);
}

function whyUnknown({ alg, kid }: z.output<typeof header>, keys: number): string {
  const which = kid === undefined ? `fits ${alg}` : `is for ${alg} and has the assertion's kid`;
  return `of the ${keys} keys in the client's JWKS, as it was fetched last, none ${which}`;
}

async function verifiedBy(
  candidates: readonly PublicJwk[],
  assertion: string,
  alg: string,
  { issuer, audience, nowMs }: Expected,
): Promise<{ readonly payload: JWTPayload } | { readonly rejected: Rejection }> {
  let refusal = rejected("bad signature", "no key of the client's JWKS that the assertion's header fits verifies it");
  for (const candidate of candidates) {
    if (candidate.kty === "RSA" && Buffer.from(candidate.n ?? "", "base64url").length * 8 < LEAST_RSA_BITS) {
      refusal = rejected("weak key", `the key has fewer than ${LEAST_RSA_BITS} bits`);
      continue;
    }
    try {
      const options = { algorithms: [alg], issuer, audience, currentDate: new Date(nowMs) };
      return await jwtVerify(assertion, await importJWK(candidate, alg), options);
    } catch (error) {
      const reason = reasonOf(error);
      // Another key may still verify it; what is said by a verified one is final.
      if (reason !== "bad signature") return rejected(...reason);
    }
  }
  return refusal;
}

/** A key that can't be read verifies nothing either. */
function reasonOf(error: unknown): "bad signature" | readonly [RejectionReason, string] {
  if (error instanceof errors.JWTExpired) return ["expired", "exp is past"];
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === "iss") return ["wrong issuer", "iss must be the issuer registered for the client"];
    if (error.claim === "aud") return ["wrong audience", "aud must be the issuer of this server's discovery, verbatim"];
    if (error.claim === "nbf") return ["not yet valid", "nbf is to come"];
    return ["malformed", `the claim ${error.claim} is not as it must be`];
  }
  if (error instanceof errors.JWTInvalid || error instanceof errors.JWSInvalid)
    return ["malformed", "the assertion is no signed JWT"];
  if (error instanceof errors.JOSENotSupported) return ["malformed", "the header has a crit that isn't understood"];
  return "bad signature";
}

function claimsOf(payload: JWTPayload, { nowMs }: Expected): Verdict {
  const parsed = assertionClaims.safeParse(payload);
  if (!parsed.success) return rejected("malformed", `the assertion's claims: ${describeIssues(parsed.error)}`);
  const { iat, exp } = parsed.data;
  if (iat > nowMs / 1_000 + CLOCK_TOLERANCE_SECONDS)
    return rejected("not yet valid", `iat is more than ${CLOCK_TOLERANCE_SECONDS} s ahead`);
  if (exp - iat > ASSERTION_LIFE_SECONDS + CLOCK_TOLERANCE_SECONDS)
    return rejected("life too long", `exp may be ${ASSERTION_LIFE_SECONDS} s after iat`);
  return { claims: parsed.data };
}

function headerOf(assertion: string): unknown {
  try {
    return decodeProtectedHeader(assertion);
  } catch {
    return {};
  }
}

function rejected(reason: RejectionReason, detail: string): { readonly rejected: Rejection } {
  return { rejected: { reason, detail } };
}
