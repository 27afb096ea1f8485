/**
 * The error of a call that brought no usable answer, and what it says about the one question that matters afterwards: may the
 * request have taken effect (RFC 9110 §9.2.2)? Told apart by `code`, since two copies of this package can meet.
 */
import { AuthnError, type AuthnErrorCode, isAuthnError } from "../errors.js";

/**
 * - `not-processed`: certainly nothing happened; the call may be made again.
 * - `unknown`: it may have been processed; look before repeating it.
 * - `refused`: the service answered no.
 */
export type Outcome = "not-processed" | "unknown" | "refused";

const CODES = {
  "not-processed": "ERR_AUTHN_HTTP_NOT_PROCESSED",
  unknown: "ERR_AUTHN_HTTP_UNKNOWN_OUTCOME",
  refused: "ERR_AUTHN_HTTP_REFUSED",
} as const satisfies Record<Outcome, AuthnErrorCode>;

/** Every code that is thrown before anything was sent counts as not processed; what isn't listed is unknown. */
const OUTCOMES: Partial<Record<AuthnErrorCode, Outcome>> = {
  ERR_AUTHN_HTTP_NOT_PROCESSED: "not-processed",
  ERR_AUTHN_HTTP_UNKNOWN_OUTCOME: "unknown",
  ERR_AUTHN_HTTP_REFUSED: "refused",
  ERR_AUTHN_HOST_REFUSED: "not-processed",
  ERR_AUTHN_PLAINTEXT_SECRET: "not-processed",
  ERR_AUTHN_CONFIGURATION: "not-processed",
  ERR_AUTHN_INPUT: "not-processed",
  ERR_AUTHN_ORPHANED_HOST: "not-processed",
  ERR_AUTHN_ALREADY_EXISTS: "refused",
  ERR_AUTHN_PROOF_FAILED: "refused",
  ERR_AUTHN_FACE_REFUSED: "refused",
};

export interface HttpErrorParts {
  readonly outcome: Outcome;
  /** What happened, redacted, as one sentence without a full stop. */
  readonly what: string;
  readonly where: string;
  readonly remedy: string;
  /** What the caller was doing: `keyri register`. */
  readonly operation: string;
  /** The status of the last answer; undefined where none came. */
  readonly status?: number | undefined;
  readonly requestId: string;
  /** The beginning of the answer's body, redacted and bounded. */
  readonly excerpt?: string | undefined;
  readonly cause?: unknown;
}

export class HttpError extends AuthnError {
  override readonly name: string = "HttpError";
  readonly operation: string;
  readonly status: number | undefined;
  readonly outcome: Outcome;
  /** The `X-Request-Id` that the service was sent, the same for each attempt. */
  readonly requestId: string;
  readonly #excerpt: string;

  constructor(parts: HttpErrorParts) {
    super({
      code: CODES[parts.outcome],
      what: parts.what,
      where: parts.where,
      remedy: parts.remedy,
      cause: parts.cause,
    });
    this.operation = parts.operation;
    this.status = parts.status;
    this.outcome = parts.outcome;
    this.requestId = parts.requestId;
    this.#excerpt = parts.excerpt ?? "";
  }

  /** The beginning of the answer's body, redacted and bounded; not enumerable, so that no serialiser picks it up. */
  get excerpt(): string {
    return this.#excerpt;
  }
}

/** True for an `HttpError` of any copy of this package. */
export function isHttpError(error: unknown): error is HttpError {
  return isAuthnError(error) && error.code.startsWith("ERR_AUTHN_HTTP_");
}

/** What an error says about the request's effect. Anything that isn't known to precede sending is `unknown`. */
export function outcomeOf(error: unknown): Outcome {
  return isAuthnError(error) ? (OUTCOMES[error.code] ?? "unknown") : "unknown";
}
