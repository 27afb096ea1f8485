/**
 * What a person reads when a call fails, and when no answer came at all: each way of failing with its sentence, its outcome and
 * its remedy. All text that came from outside is redacted here.
 */
import { HttpError, type Outcome } from "./errors.js";
import { effectivePort } from "./guard.js";
import { EXCERPT_LENGTH, redact } from "./redact.js";
import { RULES, type Trouble } from "./retry.js";
import type { Unanswered } from "./transport.js";

/** The call that failed, as its errors name it. */
export interface CallContext {
  readonly service: string;
  readonly operation: string;
  readonly urlProperty: string;
  readonly credentialProperty: string | undefined;
  readonly url: URL;
  readonly secrets: readonly string[];
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
  readonly requestId: string;
  readonly attempts: number;
  /** True for GET and HEAD, which ask for no effect. */
  readonly safe: boolean;
  /** True where an attempt before the last one may have been processed: then the call as a whole may have been. */
  readonly mayHaveTakenEffect: boolean;
}

interface Failure {
  readonly outcome: Outcome;
  readonly what: string;
  readonly remedy: string;
  readonly status?: number;
  readonly excerpt?: string;
  readonly cause?: Error;
}

/** What to do where it isn't known whether the request was processed. */
export function afterUnknown({ safe }: CallContext): string {
  return safe ? "Try again later" : "It may have taken effect: look at the service's state before repeating it";
}

export function httpError(context: CallContext, failure: Failure): HttpError {
  const attempts = context.attempts > 1 ? `, ${context.attempts} attempts` : "";
  const outcome = failure.outcome === "not-processed" && context.mayHaveTakenEffect ? "unknown" : failure.outcome;
  return new HttpError({
    ...failure,
    outcome,
    what: redact(failure.what, context.secrets),
    where: `request id ${context.requestId}${attempts}`,
    remedy: outcome === failure.outcome ? failure.remedy : `${failure.remedy}. ${afterUnknown(context)}`,
    operation: context.operation,
    requestId: context.requestId,
  });
}

/** "keyri register" is what the call is; beside the service's name "register" is enough. */
export function operationOf({ service, operation }: CallContext): string {
  const prefix = `${service} `.toLowerCase();
  return operation.toLowerCase().startsWith(prefix) ? operation.slice(prefix.length) : operation;
}

function addressOf(url: URL): string {
  return `${url.hostname}:${effectivePort(url)}`;
}

/** undici's and OpenSSL's errors hold sockets, certificates and what was received: only code and message go on. */
function bareCause(context: CallContext, { code, message }: Unanswered): Error {
  return Object.assign(new Error(redact(message, context.secrets, EXCERPT_LENGTH)), { code });
}

/** No answer came. */
export function unansweredError(context: CallContext, fault: Unanswered, trouble: Trouble): HttpError {
  const address = addressOf(context.url);
  const { outcome } = RULES[trouble];
  const cause = bareCause(context, fault);
  const operation = operationOf(context);
  const { urlProperty, service } = context;
  const running = `Check ${urlProperty}, and that the service is running`;
  if (trouble === "unusable") {
    return httpError(context, {
      outcome,
      cause,
      what: `${service} at ${address} was not sent ${operation} (${fault.code}: ${cause.message})`,
      remedy: `Check ${urlProperty}, the certificate of ${context.url.hostname} and the authority that is trusted for it`,
    });
  }
  if (!fault.sent) {
    return httpError(context, {
      outcome,
      cause,
      what: `${service} could not be reached at ${address} for ${operation} (${fault.code})`,
      remedy: running,
    });
  }
  const what = fault.timedOut
    ? `${service} at ${address} did not answer ${operation} within ${context.timeoutMs} ms`
    : `${service} at ${address} broke the connection before it answered ${operation} (${fault.code})`;
  return httpError(context, { outcome, cause, what, remedy: afterUnknown(context) });
}
