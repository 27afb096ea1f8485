/**
 * What nobody states about Baikal's authserver, and how this tenant reads it (contracts/baikal.md, marked "assumed" there or
 * left open). Change a reading here and nowhere else.
 */

/** Every client learns them from discovery; that document's own place is known. */
export const paths = {
  token: "/token",
  introspection: "/token/introspection",
  jwks: "/jwks",
  authorization: "/auth",
} as const;

/** The client that is always there, and the document in the bucket that its keys are fetched from. */
export const DEMONSTRATION = {
  clientId: "billing",
  issuer: "https://billing.example/",
  document: "billing.json",
} as const;

/** Known: `exp = iat + 3600`. How much longer a life, and how far ahead an `iat`, is borne with isn't. */
export const ASSERTION_LIFE_SECONDS = 3_600;
export const CLOCK_TOLERANCE_SECONDS = 60;

/** How long the authserver waits for a client's JWKS, in real time. */
export const JWKS_TIMEOUT_MS = 5_000;
/** How large that may be, decompressed: hundreds of RSA keys. */
export const JWKS_MAX_BYTES = 1_048_576;

/** Known: the least that is accepted is above 1024. */
export const LEAST_RSA_BITS = 2_048;

/** Its own keys, of one type (known to be needed): a new one each 30 days, published one such time ahead and kept one after. */
export const SIGNING_ALGORITHM = "ES256";
export const ROTATION_MS = 30 * 86_400_000;

/** Issued tokens bear `typ`, but not which one. */
export const TOKEN_TYPE = "JWT";

/** What a ring's proof begins its `X-Correlator` with, so that it isn't counted as the client's. */
export const PROOF_CORRELATOR = "authn-proof/";
