/**
 * The line of the request log that `AUTHN_DEBUG=http` turns on, one for each attempt. Never a header's value, a query's value or a
 * body; what remains is redacted.
 */
import type { CallContext } from "./failures.js";
import { redact } from "./redact.js";
import type { Exchange, WireRequest } from "./transport.js";

function withoutQueryValues(path: string): string {
  const [bare = "", query] = path.split("?");
  if (query === undefined) return bare;
  return `${bare}?${[...new URLSearchParams(query).keys()].map((name) => `${name}=***`).join("&")}`;
}

/** `http POST http://127.0.0.1:4181/keyriLogin 200 12 ms attempt 1 id 3f1c…` */
export function logLine(context: CallContext, request: WireRequest, exchange: Exchange, durationMs: number): string {
  const outcome = exchange.answered
    ? `${exchange.status}${exchange.bodyFault === undefined ? "" : ` (body ${exchange.bodyFault})`}`
    : exchange.code;
  const target = `${context.url.origin}${request.route ?? withoutQueryValues(request.path)}`;
  const line = `http ${request.method} ${target} ${outcome} ${durationMs} ms attempt ${context.attempts} id ${context.requestId}`;
  return redact(line, context.secrets);
}
