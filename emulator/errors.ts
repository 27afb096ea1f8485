/**
 * The one error class of the embedded tenant. It bears the same `code`, `what` and `remedy` as the package's other errors,
 * so that a caller treats both alike, but shares no code with them: the emulator stands alone.
 */

/** What went wrong: the options given, a port, the store, a fault's description, or a clock's setting. */
export type TenantProblem = "options" | "port" | "store" | "fault" | "clock";

export interface TenantErrorParts {
  readonly problem: TenantProblem;
  /** What happened, as one sentence without a full stop. Never holds a token's value. */
  readonly what: string;
  /** What the reader should do, as one sentence without a full stop. */
  readonly remedy: string;
  readonly cause?: unknown;
}

export class TenantError extends Error {
  override readonly name: string = "TenantError";
  readonly code = "ERR_AUTHN_TENANT";
  readonly problem: TenantProblem;
  readonly what: string;
  readonly remedy: string;

  constructor(parts: TenantErrorParts) {
    super(`${parts.what}. ${parts.remedy}.`, parts.cause === undefined ? undefined : { cause: parts.cause });
    this.problem = parts.problem;
    this.what = parts.what;
    this.remedy = parts.remedy;
  }
}
