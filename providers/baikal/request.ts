/** What any request to the authserver may have of its own: a correlator, headers, a time limit (contracts/baikal.md, "Token endpoint"). */
import { validateHeaderName, validateHeaderValue } from "node:http";
import { z } from "zod";
import { usableOptions } from "../host/clientOptions.js";
import { MAX_TIMER_MS } from "../http/gate.js";

export interface BaikalRequest {
  /** Sent as `X-Correlator`; absent: not sent. */
  readonly correlator?: string | undefined;
  /** Beside those of the protocol, which they can't change. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** One attempt, in whole milliseconds; default: the client's. */
  readonly timeoutMs?: number | undefined;
}

/** What HTTP itself needs to be right: where a message goes, and where it ends. */
const FRAMING = /^(?:host|connection|keep-alive|content-length|transfer-encoding|te|trailer|upgrade|expect)$/i;

const value = z.string("must be text").refine(
  (text) => passes(() => validateHeaderValue("a", text)),
  "must be one line of Latin-1", // a line break would begin another header
);
const name = z.string().refine((text) => passes(() => validateHeaderName(text)) && !FRAMING.test(text));
const timeRange = `must be whole milliseconds from 1 to ${MAX_TIMER_MS}`;
const own = z.object({
  correlator: value.optional(),
  headers: z.record(name, value, "must be a header that a caller may set").default({}),
  timeoutMs: z.int(timeRange).min(1, timeRange).max(MAX_TIMER_MS, timeRange).optional(),
});

/**
 * As the HTTP layer takes it, names in lower case.
 * @throws AuthnError `ERR_AUTHN_CONFIGURATION` that names what can't be sent, and no value
 */
export function ownParts(request: BaikalRequest): {
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
} {
  const { correlator, headers, timeoutMs } = usableOptions("a request to Baikal", own, request);
  const named = Object.entries(headers).map(([header, text]) => [header.toLowerCase(), text] as const);
  return {
    headers: { ...Object.fromEntries(named), ...(correlator === undefined ? {} : { "x-correlator": correlator }) },
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  };
}

function passes(check: () => void): boolean {
  try {
    check();
    return true;
  } catch {
    return false;
  }
}
