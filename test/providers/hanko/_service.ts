/** A service of the test's own on loopback that records what it is sent, whole, and the APIs of Hanko for it. */
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import { onTestFinished } from "vitest";
import { openAuthentication, openPasskey } from "../../../providers/hanko/generations.js";
import { closeAllPools } from "../../../providers/http/client.js";
import { hastyClock, portOf } from "../http/service.js";

export interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}
export type Reply = (response: ServerResponse, count: number, sent: Sent) => void;

export const API_KEY = "api-key-canary";
export const API_SECRET = "api-secret-canary";
export const KEY_ID = "11111111-2222-4333-8444-555555555555";
export const TENANT = "3f0a2b52-6a6b-4a5e-9a59-0f4b8a5f3c11";

export function reply(status: number, body: unknown = "", headers: Record<string, string> = {}): Reply {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return (response) => void response.writeHead(status, headers).end(text);
}

/** Answers with the first reply first, and so on; the last one stays. */
export function inTurn(...replies: readonly Reply[]): Reply {
  return (response, count, sent) => replies[Math.min(count, replies.length) - 1]?.(response, count, sent);
}

export const reset: Reply = (response) => void response.socket?.resetAndDestroy();
/** A body that ends before it should. */
export const truncated: Reply = (response) => {
  response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
  response.write('{"publicKey":{', () => response.socket?.destroy());
};
export const HTML = "<!doctype html><title>Sign in</title>";

/** Both generations, opened for one service that answers as it is told, until the test ends. */
export async function serve(answer: Reply, { apiKeyId = KEY_ID }: { readonly apiKeyId?: string | null } = {}) {
  const requests: Sent[] = [];
  const log: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      const sent = { method, url, headers, body: Buffer.concat(chunks).toString("utf8") };
      requests.push(sent);
      answer(response, requests.length, sent);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await closeAllPools();
  });
  const url = `http://127.0.0.1:${portOf(server.address())}`;
  const clock = hastyClock();
  let uuids = 0;
  const dependencies = {
    clock,
    random: {
      uuid: () => `00000000-0000-4000-8000-${String(++uuids).padStart(12, "0")}`,
      fraction: () => 0.5,
      bytes: (length: number) => Buffer.alloc(length, 7),
    },
    debug: (line: string) => void log.push(line),
    warn: (line: string) => void log.push(line),
    stopped: () => false,
  };
  const limits = { allowedHosts: [], timeoutMs: 5_000 };
  const party = { url, rpId: "localhost", origin: "http://localhost:8080" };
  const keyId = apiKeyId === null ? {} : { apiKeyId };
  const authentication = openAuthentication(
    { api: "authentication", ...party, ...keyId, apiSecret: API_SECRET },
    limits,
    dependencies,
  );
  const passkey = openPasskey({ api: "passkey", ...party, tenantId: TENANT, apiKey: API_KEY }, limits, dependencies);
  return { url, requests, log, clock, authentication, passkey };
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

export const CREATION = {
  challenge: "Y2hhbGxlbmdl",
  rp: { id: "localhost", name: "Demonstration" },
  user: { id: "YWRh", name: "ada", displayName: "Ada" },
  pubKeyCredParams: [{ type: "public-key", alg: -7 }],
  timeout: 60_000,
  authenticatorSelection: { residentKey: "preferred", userVerification: "preferred" },
  attestation: "direct",
};
export const REQUEST = { challenge: "Y2hhbGxlbmdl", rpId: "localhost", timeout: 60_000, userVerification: "preferred" };
export const CREATED = {
  id: "Y3JlZA",
  rawId: "Y3JlZA",
  type: "public-key",
  response: { clientDataJSON: "e30", attestationObject: "oA", transports: ["internal"] },
  clientExtensionResults: { credProps: { rk: true } },
};
export const ASSERTED = {
  id: "Y3JlZA",
  rawId: "Y3JlZA",
  type: "public-key",
  response: { clientDataJSON: "e30", authenticatorData: "AA", signature: "AA", userHandle: "YWRh" },
  clientExtensionResults: {},
};
