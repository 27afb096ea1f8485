/**
 * What every origin does with a request, whichever service it is: refuse strangers and their pages, bound the body, run the
 * service, and wait until all that anybody could learn from the answer is on disk.
 */
import type { IncomingMessage } from "node:http";
import { TenantError } from "../errors.js";
import { readBody } from "./body.js";
import { isAddressedTo, isWelcome } from "./guard.js";

/** A service as the origin sees it: a Hono app is one, and so is a function over fetch's types. */
export interface App {
  fetch(request: Request): Response | Promise<Response>;
}

export interface OriginParts {
  readonly hosts: ReadonlySet<string>;
  /** Other origins whose pages may call this one; they still can't read the answers, which allow no origin (CORS). */
  readonly pages?: readonly string[] | undefined;
  readonly app: App;
  readonly maxBodyBytes: number;
  readonly flush: () => Promise<void>;
}

/** A request that was let in, or the answer that turns it away; `undefined` where the client broke off. */
export type Admission = { readonly admitted: Request } | { readonly refused: Response } | undefined;

const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** Checks the addressee, reads the body, and gives the request on as a plain one of fetch, whose signal tells when the client hangs up. */
export async function admit(
  request: Request,
  incoming: IncomingMessage,
  { hosts, pages, maxBodyBytes }: Pick<OriginParts, "hosts" | "pages" | "maxBodyBytes">,
): Promise<Admission> {
  if (!isAddressedTo(hosts, incoming.headers.host, new URL(request.url)))
    return { refused: message(421, "This origin answers to its own loopback address only") };
  if (!isWelcome(hosts, incoming.headers.origin, pages))
    return { refused: message(403, "Pages of other origins may not call this") };
  if (!METHODS.has(request.method)) return { refused: message(404, "Not found") };
  const body = await readBody(incoming, maxBodyBytes).catch(() => null);
  if (body === null) return undefined;
  if (body === undefined) return { refused: message(413, `The body exceeds ${maxBodyBytes} bytes`) };
  const carriesBody = request.method !== "GET" && request.method !== "HEAD" && body.length > 0;
  const { method, headers, url, signal } = request;
  return { admitted: new Request(url, { method, headers: [...headers], signal, ...(carriesBody ? { body } : {}) }) };
}

/** The service's answer, once what it tells is durable. Never rejects. */
export async function serveDurably(
  request: Request,
  { app, flush }: Pick<OriginParts, "app" | "flush">,
): Promise<Response> {
  try {
    const response = await app.fetch(request);
    await flush();
    return response;
  } catch (error) {
    // The message of a foreign error may quote what it stumbled over, a secret perhaps; its name can't.
    const reason = error instanceof TenantError ? error.message : error instanceof Error ? error.name : "unknown";
    return message(500, `The embedded tenant failed: ${reason}`);
  }
}

export function message(status: number, text: string): Response {
  return Response.json({ message: text }, { status });
}
