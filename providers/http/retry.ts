/**
 * When a request is made again, as a table. A call that isn't repeatable (POST, PATCH) is sent again only where it certainly
 * wasn't processed: never sent, or turned away (RFC 6585 §4; RFC 9110 §15.6.4 with Retry-After, §10.2.3).
 */
import type { Outcome } from "./errors.js";

/** What went wrong with one attempt. */
export type Trouble =
  | "unreachable" // never sent: name not resolved, connection refused or reset
  | "connect-timed-out" // never sent: no connection in time
  | "unusable" // never sent, and waiting mends nothing: certificate, malformed header
  | "throttled" // 429, or 503 with Retry-After
  | "unavailable" // 502, 504, or 503 without Retry-After
  | "lost" // the connection broke after the request began to be sent
  | "timed-out"; // no whole answer in time

interface Rule {
  readonly repeats: "any call" | "repeatable calls" | "none";
  /** Attempts in all, the first included. */
  readonly attempts: number;
  readonly outcome: Outcome;
}

export const RULES: Readonly<Record<Trouble, Rule>> = {
  unreachable: { repeats: "any call", attempts: 4, outcome: "not-processed" },
  "connect-timed-out": { repeats: "any call", attempts: 2, outcome: "not-processed" },
  unusable: { repeats: "none", attempts: 1, outcome: "not-processed" },
  throttled: { repeats: "any call", attempts: 8, outcome: "not-processed" },
  unavailable: { repeats: "repeatable calls", attempts: 4, outcome: "unknown" },
  lost: { repeats: "repeatable calls", attempts: 4, outcome: "unknown" },
  "timed-out": { repeats: "repeatable calls", attempts: 2, outcome: "unknown" },
};

/** The first back-off is drawn from zero to this; each further one from twice the last. */
export const BASE_BACKOFF_MS = 200;
const MAX_BACKOFF_MS = 10_000;
/** All waits of one call together; a longer Retry-After is reported instead of waited for. */
export const MAX_TOTAL_WAIT_MS = 60_000;

const TROUBLED_STATUSES: Readonly<Record<number, Trouble>> = {
  429: "throttled",
  502: "unavailable",
  503: "unavailable",
  504: "unavailable",
};

/** The trouble a status stands for; undefined where the answer is final. */
export function troubleOfStatus(status: number, retryAfterMs: number | undefined): Trouble | undefined {
  return status === 503 && retryAfterMs !== undefined ? "throttled" : TROUBLED_STATUSES[status];
}

/**
 * `Retry-After` in milliseconds from now, in both forms of RFC 9110 §10.2.3; undefined where it is absent or neither.
 * A date is measured against the answer's own `Date`, so that clocks that disagree don't matter.
 */
export function retryAfterMs(headers: Readonly<Record<string, string>>, nowMs: number): number | undefined {
  const value = headers["retry-after"]?.trim();
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const due = httpDateMs(value);
  if (due === undefined) return undefined;
  return Math.max(0, due - (httpDateMs(headers["date"]) ?? nowMs));
}

/** RFC 9110 §5.6.7; its asctime form is UTC without saying so. */
function httpDateMs(value: string | undefined): number | undefined {
  if (value === undefined || !/^[A-Z][a-z]{2}/.test(value)) return undefined;
  const ms = Date.parse(value.endsWith("GMT") ? value : `${value} GMT`);
  return Number.isNaN(ms) ? undefined : ms;
}

export interface Attempted {
  readonly trouble: Trouble;
  /** Attempts made so far; those that were turned away are counted apart from all others, since they weren't processed. */
  readonly attempts: number;
  /** Milliseconds this call has been told to wait so far. */
  readonly waitedMs: number;
  readonly repeatable: boolean;
  readonly retryAfterMs: number | undefined;
  /** Random, from 0 up to 1. */
  readonly fraction: number;
}

export interface Repetition {
  readonly waitMs: number;
}

/** Whether and when to make the request again; undefined: not at all. Exponential back-off with full jitter. */
export function nextAttempt(attempted: Attempted): Repetition | undefined {
  const rule = RULES[attempted.trouble];
  const repeats = rule.repeats === "any call" || (rule.repeats === "repeatable calls" && attempted.repeatable);
  if (!repeats || attempted.attempts >= rule.attempts) return undefined;
  const ceilingMs = Math.min(MAX_BACKOFF_MS, BASE_BACKOFF_MS * 2 ** (attempted.attempts - 1));
  const waitMs = attempted.retryAfterMs ?? attempted.fraction * ceilingMs;
  if (attempted.waitedMs + waitMs > MAX_TOTAL_WAIT_MS) return undefined;
  return { waitMs };
}
