/** The authserver's origin: what comes by fetch's types goes to oidc-provider by Node's, and back. */
import { FetchIncomingMessage, toFetchResponse, toReqRes } from "fetch-to-node";
import { type App, message } from "../http/origin.js";
import { paths } from "./assumptions.js";
import type { AuthserverParts, NodeHandler } from "./authserver.js";
import { formEncodedBasic } from "./basic.js";
import type { SigningKeys } from "./signing-keys.js";

export type BaikalParts = Omit<AuthserverParts, "keys"> & { readonly signingKeys: SigningKeys };

const READ = ["GET", "HEAD"];
/** What is served. oidc-provider's router would take any case, a slash behind, preflights, and paths of its own as well. */
const METHODS: ReadonlyMap<string, readonly string[]> = new Map([
  ["/.well-known/openid-configuration", READ],
  [paths.jwks, READ],
  [paths.authorization, [...READ, "POST"]],
  [paths.token, ["POST"]],
  [paths.introspection, ["POST"]],
]);
const AUTHENTICATED: ReadonlySet<string> = new Set([paths.token, paths.introspection]);

export function baikalApp({ signingKeys, ...parts }: BaikalParts): App {
  let current: { readonly slot: number; readonly handler: Promise<NodeHandler> } | undefined;
  const handlerOf = (slot: number): Promise<NodeHandler> => {
    if (current?.slot !== slot) current = { slot, handler: makeHandler(slot) };
    return current.handler;
  };
  const makeHandler = async (slot: number) => {
    // Half a second of loading, which a tenant that nobody asks for tokens needn't spend.
    const { authserver } = await import("./authserver.js");
    return authserver({ ...parts, keys: await signingKeys.setOf(slot) });
  };
  return {
    async fetch(request) {
      const answer = await answerTo(request, () => handlerOf(signingKeys.slot()));
      const correlator = request.headers.get("x-correlator");
      if (correlator !== null) answer.headers.set("x-correlator", correlator);
      return answer;
    },
  };
}

async function answerTo(request: Request, handler: () => Promise<NodeHandler>): Promise<Response> {
  const { method } = request;
  const { pathname } = new URL(request.url);
  if (METHODS.get(pathname)?.includes(method) !== true) return message(404, "Not found");
  const headers = new Headers(request.headers);
  if (AUTHENTICATED.has(pathname)) {
    const basic = formEncodedBasic(headers.get("authorization"));
    if (basic === undefined) return unauthenticated();
    headers.set("authorization", basic);
  }
  const { req, res } = toReqRes(new Request(request, { headers }), { createIncomingMessage: loopbackMessage });
  await (await handler())(req, res);
  const answer = await toFetchResponse(res);
  // oidc-provider lets a page of any origin read discovery and keys; nothing here is for pages.
  answer.headers.delete("access-control-allow-origin");
  return answer;
}

/** RFC 6749 §5.2. oidc-provider takes the secret in the form as well, and calls none at all a 400. */
function unauthenticated(): Response {
  const body = { error: "invalid_client", error_description: "client authentication must be HTTP Basic" };
  return Response.json(body, { status: 401, headers: { "www-authenticate": 'Basic realm="baikal"' } });
}

/** Koa asks the socket whether the connection is encrypted, and fetch has no socket. */
function loopbackMessage(): FetchIncomingMessage {
  return Object.defineProperty(new FetchIncomingMessage(), "socket", { value: { encrypted: false } });
}
