/**
 * What can go wrong with Baikal, by kind. Told from `code`, `status` and `kind`, never by class: two copies of this package can meet.
 */
import { AuthnError, type AuthnErrorCode, isAuthnError } from "../errors.js";
import { isHttpError } from "../http/errors.js";

/**
 * - `configuration`: options, key files or a host that can't be used; nothing was sent.
 * - `unauthorized-client`: 401, the client id or secret is wrong.
 * - `invalid-grant`: the authserver refused the assertion, and says why.
 * - `refused`: any other 4xx.
 * - `unreachable`: no connection, or no answer in time.
 * - `invalid-answer`: an answer that isn't the contract's: 201, 500, another shape.
 * - `invalid-token`: an access token that doesn't stand up to verification.
 */
export type BaikalErrorKind =
  | "configuration"
  | "unauthorized-client"
  | "invalid-grant"
  | "refused"
  | "unreachable"
  | "invalid-answer"
  | "invalid-token";

/** Why an access token isn't taken. */
export type TokenFault =
  | "malformed"
  | "unknown-key"
  | "signature"
  | "issuer"
  | "audience"
  | "expired"
  | "claims"
  | "inactive"
  | "scope";

export interface BaikalErrorParts {
  readonly kind: "invalid-grant" | "invalid-token";
  readonly reason: string;
  readonly what: string;
  readonly where?: string;
  readonly remedy: string;
}

/** The authserver, or this client, looked at a signature and its claims and didn't take them: `ERR_AUTHN_PROOF_FAILED`. */
export class BaikalError extends AuthnError {
  override readonly name: string = "BaikalError";
  readonly kind: "invalid-grant" | "invalid-token";
  /** The server's description of an invalid grant, redacted and bounded; a `TokenFault` of an invalid token. */
  readonly reason: string;

  constructor({ kind, reason, ...parts }: BaikalErrorParts) {
    super({ code: "ERR_AUTHN_PROOF_FAILED", ...parts });
    this.kind = kind;
    this.reason = reason;
  }
}

/** True for a `BaikalError` of any copy of this package: what refused the assertion or the token is its `reason`. */
export function isBaikalError(error: unknown): error is BaikalError {
  return isAuthnError(error) && "kind" in error && (error.kind === "invalid-grant" || error.kind === "invalid-token");
}

/** Thrown before anything was sent, for what somebody set. */
const CONFIGURATION: ReadonlySet<AuthnErrorCode> = new Set([
  "ERR_AUTHN_CONFIGURATION",
  "ERR_AUTHN_HOST_REFUSED",
  "ERR_AUTHN_INPUT",
  "ERR_AUTHN_PLAINTEXT_SECRET",
]);

/** The kind of an error that the Baikal client threw; undefined for any other error. */
export function baikalErrorKind(error: unknown): BaikalErrorKind | undefined {
  if (isHttpError(error)) {
    const { status } = error;
    if (status === undefined) return "unreachable";
    if (status === 401) return "unauthorized-client";
    return status >= 400 && status < 500 ? "refused" : "invalid-answer";
  }
  if (isBaikalError(error)) return error.kind;
  return isAuthnError(error) && CONFIGURATION.has(error.code) ? "configuration" : undefined;
}
