/** A service of the test's own on loopback that records what it is sent, whole, and clients of the three services for it. */
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import { onTestFinished } from "vitest";
import { closeAllPools } from "../../../providers/http/client.js";
import { keylessAgentApi } from "../../../providers/keyless/agent.js";
import { keylessAuthenticationApi } from "../../../providers/keyless/authentication.js";
import { keylessHttp } from "../../../providers/keyless/http.js";
import { keylessOperationsApi } from "../../../providers/keyless/operations.js";
import { keylessSection } from "../../../providers/keyless/settings.js";
import { hastyClock, portOf, REQUEST_ID } from "../http/service.js";

export interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}
export type Reply = (response: ServerResponse, count: number) => void;

export const API_KEY = "operations-key-canary";
export const AUTHENTICATION_KEY = "authentication-key-canary";

export function reply(status: number, body: unknown = "", headers: Record<string, string> = {}): Reply {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return (response) => void response.writeHead(status, headers).end(text);
}

/** A body that ends before it should. */
export const truncated: Reply = (response) => {
  response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
  response.write('{"keylessId":"AB', () => response.socket?.destroy());
};
export const HTML = "<!doctype html><title>Sign in</title>";

/** The three APIs of one service that answers everything alike, until the test ends. */
export async function serve(answer: Reply) {
  const requests: Sent[] = [];
  const log: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      requests.push({ method, url, headers, body: Buffer.concat(chunks) });
      answer(response, requests.length);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await closeAllPools();
  });
  const url = `http://127.0.0.1:${portOf(server.address())}`;
  const settings = keylessSection.schema.parse({
    agentUrl: url,
    operationsUrl: `${url}/`,
    authenticationUrl: url,
    customer: "acme",
    apiKey: API_KEY,
    authenticationApiKey: AUTHENTICATION_KEY,
  });
  const http = keylessHttp(
    settings,
    { allowedHosts: [], timeoutMs: 5_000 },
    {
      clock: hastyClock(),
      random: { uuid: () => REQUEST_ID, fraction: () => 0.5, bytes: (length) => Buffer.alloc(length, 7) },
      debug: (line) => log.push(line),
      warn: (line) => log.push(line),
      stopped: () => false,
    },
  );
  return {
    url,
    requests,
    /** The request log. */
    log,
    agent: keylessAgentApi(http.agent, [API_KEY]),
    operations: keylessOperationsApi(http.operations),
    authentication: keylessAuthenticationApi(http.authentication, "acme"),
  };
}

/** What a call was refused with; a call that succeeds fails the test. */
export async function refusalOf(call: Promise<unknown>): Promise<Error & { readonly code?: unknown }> {
  const settled = await call.then(
    () => "the call succeeded",
    (reason: unknown) => reason,
  );
  if (!(settled instanceof Error)) throw new TypeError(`no Error: ${String(settled)}`);
  return settled;
}
