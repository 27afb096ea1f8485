/** The error of a command that reads a stack where there is none. */
import { AuthnError } from "../../providers/errors.js";

export function noStack(stack: string): AuthnError {
  return new AuthnError({
    code: "ERR_AUTHN_STATE",
    what: `There is no stack ${stack} yet`,
    remedy: "Run `authn up` first, or name another one with --stack",
  });
}
