/**
 * A call as it goes on the wire: base URL and path put together, headers merged, the request named. Pure; what cannot be a
 * request is refused here, before anything is sent.
 */
import { AuthnError } from "../errors.js";
import type { Call, ClientSettings } from "./contract.js";
import type { WireRequest } from "./transport.js";
import { USER_AGENT } from "./version.js";

const DEFAULT_MAX_BODY_BYTES = 1024 * 1024;
const IDEMPOTENT = { GET: true, HEAD: true, PUT: true, DELETE: true, POST: false, PATCH: false } as const;

/** RFC 9110 §9.2.2, unless the caller knows better. */
export function isRepeatable(call: Call): boolean {
  return call.repeatable ?? IDEMPOTENT[call.method];
}

function lowerCaseNames(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** undici measures text and Buffers itself; a stream without a length would go in chunks. */
function lengthOf(body: Call["body"]): Record<string, string> {
  return typeof body === "object" && "open" in body ? { "content-length": String(body.bytes) } : {};
}

/** A dot segment would be resolved by the service or a proxy: `/keys/..` is another resource than a key named `..`. */
function isSound(path: string): boolean {
  const dotted = path.split("/").some((segment) => /^(?:\.|%2e){1,2}$/i.test(segment));
  return /^\/[!-~]*$/.test(path) && !/[?#\\]/.test(path) && !dotted;
}

/** The headers of one attempt. */
export function composeHeaders(settings: ClientSettings, call: Call, requestId: string): WireRequest["headers"] {
  return {
    ...lowerCaseNames(settings.headers),
    ...lowerCaseNames(typeof call.headers === "function" ? call.headers() : call.headers),
    ...lengthOf(call.body),
    "user-agent": USER_AGENT,
    "x-request-id": requestId,
  };
}

/** What all attempts of a call share. */
export function composeRequest(settings: ClientSettings, base: URL, call: Call): Omit<WireRequest, "headers"> {
  if (!isSound(call.path)) {
    throw new AuthnError({
      code: "ERR_AUTHN_INPUT",
      what: `The path of a request to ${settings.service} is malformed`,
      where: call.operation,
      remedy: "Percent-encode each of its segments; none may be . or ..",
    });
  }
  const query = new URLSearchParams(call.query).toString();
  return {
    method: call.method,
    path: `${base.pathname.replace(/\/+$/, "")}${call.path}${query === "" ? "" : `?${query}`}`,
    route: call.route === undefined ? undefined : `${base.pathname.replace(/\/+$/, "")}${call.route}`,
    body: call.body,
    timeoutMs: call.timeoutMs ?? settings.timeoutMs,
    maxBodyBytes: call.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES,
  };
}
