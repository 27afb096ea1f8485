/**
 * The one base class of every error that this package throws. A person reads its message in `pulumi up`'s output, so it has
 * three parts: what happened, to which resource and step, what to do. Two copies of the package can meet (the program's and
 * the provider process's), so callers test `code`, never `instanceof`.
 */

/** Stable codes; a code is never reused for another meaning. */
export type AuthnErrorCode =
  | "ERR_AUTHN_INPUT"
  | "ERR_AUTHN_CONFIGURATION"
  | "ERR_AUTHN_HOST_REFUSED"
  | "ERR_AUTHN_PLAINTEXT_SECRET"
  | "ERR_AUTHN_HTTP_REFUSED"
  | "ERR_AUTHN_HTTP_NOT_PROCESSED"
  | "ERR_AUTHN_HTTP_UNKNOWN_OUTCOME"
  | "ERR_AUTHN_ALREADY_EXISTS"
  | "ERR_AUTHN_PROOF_FAILED"
  | "ERR_AUTHN_FACE_REFUSED"
  | "ERR_AUTHN_STATE"
  | "ERR_AUTHN_LEDGER"
  | "ERR_AUTHN_ORPHANED_HOST"
  | "ERR_AUTHN_FIXTURES"
  | "ERR_AUTHN_ENGINE"
  | "ERR_AUTHN_TENANT"
  | "ERR_AUTHN_USAGE";

export interface AuthnErrorParts {
  readonly code: AuthnErrorCode;
  /** What happened, as one sentence without a full stop. Never holds a secret's value. */
  readonly what: string;
  /** The resource and step it happened to, where the thrower knows them: `KeyriPublicKey ada/phone, step register`. */
  readonly where?: string | undefined;
  /** What the reader should do, as one sentence. */
  readonly remedy: string;
  readonly cause?: unknown;
}

export class AuthnError extends Error {
  override readonly name: string = "AuthnError";
  readonly code: AuthnErrorCode;
  readonly what: string;
  readonly where: string | undefined;
  readonly remedy: string;

  constructor(parts: AuthnErrorParts) {
    const where = parts.where === undefined ? "" : ` (${parts.where})`;
    super(`${parts.what}${where}. ${parts.remedy}`, parts.cause === undefined ? undefined : { cause: parts.cause });
    this.code = parts.code;
    this.what = parts.what;
    this.where = parts.where;
    this.remedy = parts.remedy;
  }
}

/** True for an `AuthnError` of any copy of this package. */
export function isAuthnError(error: unknown): error is AuthnError {
  return (
    error instanceof Error && "code" in error && typeof error.code === "string" && error.code.startsWith("ERR_AUTHN_")
  );
}
