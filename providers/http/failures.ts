/**
 * What a person reads when a call fails: each way of failing with its sentence, its outcome and its remedy. All text that came
 * from outside is redacted here.
 */
import { HttpError, type Outcome } from "./errors.js";
import { effectivePort } from "./guard.js";
import { EXCERPT_LENGTH, redact } from "./redact.js";
import { RULES, type Trouble, troubleOfStatus } from "./retry.js";
import type { Answered, BodyFault, Unanswered } from "./transport.js";

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
function afterUnknown({ safe }: CallContext): string {
  return safe ? "Try again later" : "It may have taken effect: look at the service's state before repeating it";
}

function httpError(context: CallContext, failure: Failure): HttpError {
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
function operationOf({ service, operation }: CallContext): string {
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

function outcomeOfStatus(status: number, retryAfterMs: number | undefined): Outcome {
  const trouble = troubleOfStatus(status, retryAfterMs);
  if (trouble !== undefined) return RULES[trouble].outcome;
  return status >= 300 && status < 500 ? "refused" : "unknown";
}

function remedyOfStatus(context: CallContext, status: number, outcome: Outcome): string {
  const { urlProperty, credentialProperty, service } = context;
  if (status < 300)
    return `Check ${urlProperty}: this is not the answer that ${service} gives. ${afterUnknown(context)}`;
  if (status < 400) return `Set ${urlProperty} to the address of the service itself`;
  if (status === 401 || status === 403) return `Check ${credentialProperty ?? `the credentials for ${service}`}`;
  if (status === 404 || status === 405) return `Check ${urlProperty} and the configured paths`;
  if (status === 429) return "Lower authn:maxRequestsPerSecond, or try again later";
  if (outcome === "not-processed") return "Try again later";
  return outcome === "unknown" ? afterUnknown(context) : "Correct what the service names";
}

const HALF_BODIES: Readonly<Record<BodyFault, string>> = {
  "cut off": "the connection broke before the whole body came",
  "too late": "the whole body did not come in time",
  "too large": "the body is too large",
  encoded: "the body is compressed, which was not asked for",
};

function redirectTarget(answer: Answered, url: URL): string {
  const location = answer.headers["location"];
  if (location === undefined || !URL.canParse(location, url.href)) return "nowhere";
  return new URL(location, url).host;
}

/** A status came that the caller can't take. */
export function statusError(context: CallContext, answer: Answered, retryAfterMs: number | undefined): HttpError {
  const { status } = answer;
  const outcome = outcomeOfStatus(status, retryAfterMs);
  const text = answer.bodyFault === undefined ? answer.body.toString("utf8").trim() : HALF_BODIES[answer.bodyFault];
  const excerpt = redact(text, context.secrets, EXCERPT_LENGTH);
  const redirect =
    status >= 300 && status < 400
      ? `, a redirect to ${redirectTarget(answer, context.url)}, which is not followed`
      : "";
  const wait =
    retryAfterMs === undefined || outcome !== "not-processed"
      ? ""
      : ` and asks to wait ${Math.ceil(retryAfterMs / 1000)} s`;
  return httpError(context, {
    outcome,
    status,
    excerpt,
    what: `${context.service} answered ${status} to ${operationOf(context)}${redirect}${wait}${excerpt === "" ? "" : `: ${excerpt}`}`,
    remedy: remedyOfStatus(context, status, outcome),
  });
}

/** A status came that the caller can take, with a body that it can't. The body is not shown: it may hold a new secret. */
export function unreadableError(context: CallContext, status: number, fault: string): HttpError {
  const outcome = status >= 400 && status < 500 ? "refused" : "unknown";
  const remedy = `Check that ${context.urlProperty} names the service and no page or proxy before it`;
  return httpError(context, {
    outcome,
    status,
    what: `${context.service} answered ${status} to ${operationOf(context)}, but ${redact(fault, context.secrets, 2 * EXCERPT_LENGTH)}`,
    remedy: outcome === "unknown" ? `${remedy}. ${afterUnknown(context)}` : remedy,
  });
}

/** The same for a body that didn't come whole. */
export function bodyFaultError(context: CallContext, status: number, fault: BodyFault): HttpError {
  const limits: Partial<Record<BodyFault, string>> = {
    "too late": ` (${context.timeoutMs} ms)`,
    "too large": ` (more than ${context.maxBodyBytes} bytes)`,
  };
  return unreadableError(context, status, `${HALF_BODIES[fault]}${limits[fault] ?? ""}`);
}
