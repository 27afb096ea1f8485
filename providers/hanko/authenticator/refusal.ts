/**
 * A ceremony that a browser would end with a DOMException, as an error of this package whose `cause` is that exception
 * (WebAuthn L3 §5.1.3 and §5.1.4).
 */
import { AuthnError, type AuthnErrorCode } from "../../errors.js";

export type RefusalName =
  | "ConstraintError"
  | "InvalidStateError"
  | "NotAllowedError"
  | "NotSupportedError"
  | "SecurityError";

export interface RefusalParts {
  readonly name: RefusalName;
  readonly what: string;
  readonly remedy: string;
}

// The one that isn't a fault of the caller's: the credential is there already.
const CODES: Readonly<Partial<Record<RefusalName, AuthnErrorCode>>> = { InvalidStateError: "ERR_AUTHN_ALREADY_EXISTS" };

export function refusal({ name, what, remedy }: RefusalParts): AuthnError {
  return new AuthnError({
    code: CODES[name] ?? "ERR_AUTHN_INPUT",
    what,
    remedy,
    cause: new DOMException(what, name),
  });
}
