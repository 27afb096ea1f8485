/** What a person reads when an answer came that the caller can't take: another status, or a body that can't be read. */

import { urlOf } from "../url.js";
import type { HttpError, Outcome } from "./errors.js";
import { afterUnknown, type CallContext, httpError, operationOf } from "./failures.js";
import { EXCERPT_LENGTH, redact } from "./redact.js";
import { RULES, troubleOfStatus } from "./retry.js";
import type { Answered, BodyFault } from "./transport.js";

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
  if (location === undefined || urlOf(location, url.href) === undefined) return "nowhere";
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
      ? `, a redirect to ${redact(redirectTarget(answer, context.url), context.secrets, EXCERPT_LENGTH)}, which is not followed`
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
