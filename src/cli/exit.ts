/** The command's exit codes: 0 done, 1 the operation failed, 2 wrong usage or configuration, 3 `drift` found some. */
import { type AuthnErrorCode, isAuthnError } from "../../providers/errors.js";

export const exitCode = { done: 0, failed: 1, misuse: 2, drifted: 3 } as const;
export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** What the caller can put right without anything having been tried: its command line, its configuration, its fixtures. */
const misuseCodes: ReadonlySet<AuthnErrorCode> = new Set<AuthnErrorCode>([
  "ERR_AUTHN_USAGE",
  "ERR_AUTHN_CONFIGURATION",
  "ERR_AUTHN_FIXTURES",
  "ERR_AUTHN_HOST_REFUSED",
  "ERR_AUTHN_PLAINTEXT_SECRET",
]);

export function exitCodeOf(error: unknown): ExitCode {
  return isAuthnError(error) && misuseCodes.has(error.code) ? exitCode.misuse : exitCode.failed;
}

/** What the program threw on purpose, for its reader (the SDK's `RunError`), is about fixtures and configuration. */
export function exitCodeOfProgram(error: unknown): ExitCode {
  const onPurpose = error instanceof Error && "__pulumiRunError" in error;
  return onPurpose ? exitCode.misuse : exitCodeOf(error);
}
