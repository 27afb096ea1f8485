/** Names what went wrong with one attempt, in the terms of the retry table; codes are those of Node.js, OpenSSL and undici. */
import { type Trouble, troubleOfStatus } from "./retry.js";
import type { BodyFault, Exchange } from "./transport.js";

/** Faults before sending that may pass by themselves; any other (certificate, protocol, malformed header) stays. */
const PASSING: ReadonlySet<string> = new Set([
  "EAI_AGAIN",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTDOWN",
  "EHOSTUNREACH",
  "ENETDOWN",
  "ENETUNREACH",
  "ENOTFOUND",
  "EPIPE",
  "UND_ERR_SOCKET",
]);

/** A body that is too large or compressed comes again the same: no trouble that repeating mends. */
const BODY_TROUBLES: Readonly<Record<BodyFault, Trouble | undefined>> = {
  "cut off": "lost",
  "too late": "timed-out",
  "too large": undefined,
  encoded: undefined,
};

/** The trouble of an attempt; undefined where its answer is final, whether the caller can take it or not. */
export function troubleOf(
  exchange: Exchange,
  answers: readonly number[],
  retryAfterMs: number | undefined,
): Trouble | undefined {
  if (exchange.answered) {
    if (!answers.includes(exchange.status)) return troubleOfStatus(exchange.status, retryAfterMs);
    return exchange.bodyFault === undefined ? undefined : BODY_TROUBLES[exchange.bodyFault];
  }
  if (exchange.sent) return exchange.timedOut ? "timed-out" : "lost";
  if (exchange.timedOut) return "connect-timed-out";
  return PASSING.has(exchange.code) ? "unreachable" : "unusable";
}
