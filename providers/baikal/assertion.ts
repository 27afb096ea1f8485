/** The assertion of a jwt-bearer grant: exactly the claims that Baikal takes (contracts/baikal.md, "Token endpoint"; RFC 7523 §3). */
import { createPrivateKey, type KeyObject } from "node:crypto";
import { SignJWT } from "jose";
import { z } from "zod";
import { AuthnError } from "../errors.js";
import { joined, type SpaceList } from "./scope.js";
import { keyFault, type SigningAlgorithm } from "./signingKey.js";

/** Whom a grant is about, beside `sub`. */
export interface BaikalIdentifier {
  readonly id: string;
  /** "phone_number", "email", … */
  readonly type: string;
}

/** How the user has shown who it is. */
export interface BaikalAuthenticationContext {
  readonly identifier: string;
  readonly type: string;
}

/** What a jwt-bearer grant asks for. */
export interface BaikalGrant {
  readonly sub: string;
  readonly scope?: SpaceList | undefined;
  readonly purpose?: SpaceList | undefined;
  /** A UUID. */
  readonly authorizationId?: string | undefined;
  readonly identifier?: BaikalIdentifier | undefined;
  readonly acr?: string | undefined;
  readonly authenticationContext?: readonly BaikalAuthenticationContext[] | undefined;
}

export interface AssertionInput extends BaikalGrant {
  /** PKCS#8 PEM, or the key itself. */
  readonly privateKey: string | KeyObject;
  readonly alg: SigningAlgorithm;
  /** RFC 7638 thumbprint; absent: the header has none. */
  readonly kid?: string | undefined;
  /** The client's issuer. */
  readonly issuer: string;
  /** Discovery's `issuer`, verbatim. */
  readonly audience: string;
  /** Unix milliseconds; cut to whole seconds in `iat`. */
  readonly nowMs: number;
  /** Default 3 600. */
  readonly lifeSeconds?: number | undefined;
}

const LIFE_SECONDS = 3600;

const sayable = z.object({
  sub: z.string("sub must be text").min(1, "sub must not be empty"),
  nowMs: z.number("iat must be a time in Unix milliseconds"),
  lifeSeconds: z.int("its life must be whole seconds").min(1, "its life must be at least 1 s").optional(),
});

/**
 * A signed assertion, a JWT in compact form.
 * @throws AuthnError `ERR_AUTHN_INPUT` for a key that can't sign by that algorithm, no `sub`, or times that are none
 */
export async function signAssertion(input: AssertionInput): Promise<string> {
  const { alg, kid, issuer, audience, nowMs, lifeSeconds = LIFE_SECONDS } = input;
  const { authorizationId, identifier, acr, authenticationContext } = input;
  const faults = sayable.safeParse(input).error?.issues ?? [];
  if (faults.length > 0) throw notSayable(faults.map(({ message }) => message));
  const key = signingKey(input.privateKey, alg);
  const issuedAt = Math.floor(nowMs / 1000);
  const claims = {
    sub: input.sub,
    active: true,
    scope: joined(input.scope),
    purpose: joined(input.purpose),
    iat: issuedAt,
    exp: issuedAt + lifeSeconds,
    iss: issuer,
    aud: audience,
    ...(authorizationId === undefined ? {} : { authorization_id: authorizationId }),
    ...(identifier === undefined ? {} : { identifier: { id: identifier.id, type: identifier.type } }),
    ...(acr === undefined ? {} : { acr }),
    ...(authenticationContext === undefined
      ? {}
      : { authentication_context: authenticationContext.map(({ identifier, type }) => ({ identifier, type })) }),
  };
  return new SignJWT(claims).setProtectedHeader({ alg, typ: "JWT", ...(kid === undefined ? {} : { kid }) }).sign(key);
}

function signingKey(privateKey: string | KeyObject, alg: SigningAlgorithm): KeyObject {
  let key: KeyObject;
  try {
    key = typeof privateKey === "string" ? createPrivateKey(privateKey) : privateKey;
  } catch {
    // What OpenSSL says of it may quote it.
    throw notUsable("it can't be read as PEM");
  }
  const fault = keyFault(key, alg);
  if (key.type === "private" && fault === undefined) return key;
  throw notUsable(fault ?? "it is no private key");
}

function notSayable(faults: readonly string[]): AuthnError {
  return new AuthnError({
    code: "ERR_AUTHN_INPUT",
    what: `No assertion can be made of this grant: ${faults.join("; ")}`,
    remedy: "Correct what is named",
  });
}

function notUsable(fault: string): AuthnError {
  return new AuthnError({
    code: "ERR_AUTHN_INPUT",
    what: `The private key can't sign an assertion: ${fault}`,
    remedy: "Give the PKCS#8 PEM of an RSA key (2048 bits or more) for RS256, or of a P-256 key for ES256",
  });
}
