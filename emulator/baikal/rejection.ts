/** Why an assertion is rejected: a word for the counts, and a sentence for the answer's `error_description`. */

export type RejectionReason =
  | "malformed"
  | "JWKS unreachable"
  | "JWKS unusable"
  | "unknown key"
  | "weak key"
  | "bad signature"
  | "wrong issuer"
  | "wrong audience"
  | "expired"
  | "not yet valid"
  | "life too long";

export interface Rejection {
  readonly reason: RejectionReason;
  /** Names what was expected; never holds the assertion or a part of its signature. */
  readonly detail: string;
}

/** For example `unknown key: no key of …`, in the characters that RFC 6749 §5.2 allows there. */
export function descriptionOf({ reason, detail }: Rejection): string {
  return `${reason}: ${detail}`.replaceAll('"', "'").replace(/[^ -[\]-~]/g, "?");
}
