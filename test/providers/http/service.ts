/** A service of the test's own on loopback, a client for it, and clocks that pass only when told: what these tests share. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import {
  type Call,
  type ClientSettings,
  closeAllPools,
  createHttpClient,
  type HttpClient,
  type HttpDependencies,
} from "../../../providers/http/client.js";
import { type HttpError, isHttpError } from "../../../providers/http/errors.js";

export interface Service {
  readonly url: string;
  /** Every request that reached it, in order. */
  readonly requests: IncomingMessage[];
}

export type Reply = (request: IncomingMessage, response: ServerResponse, count: number) => void;

/** Serves until the test ends; `reply` gets the count of the request, from 1. */
export async function serve(reply: Reply): Promise<Service> {
  const requests: IncomingMessage[] = [];
  const listener: RequestListener = (request, response) => {
    requests.push(request);
    const count = requests.length;
    request.resume().on("end", () => reply(request, response, count));
  };
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await closeAllPools();
  });
  return { url: `http://127.0.0.1:${portOf(server.address())}`, requests };
}

export function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new TypeError("not listening on a port");
  return address.port;
}

/** Answers with the first reply first, and so on; the last one stays. */
export function inTurn(...replies: readonly Reply[]): Reply {
  return (request, response, count) => replies[Math.min(count, replies.length) - 1]?.(request, response, count);
}

export function answer(status: number, body = "", headers: Record<string, string> = {}): Reply {
  return (_, response) => {
    response.writeHead(status, headers).end(body);
  };
}

export const reset: Reply = (request) => {
  request.socket.resetAndDestroy();
};

/** Time passes at once where somebody sleeps, and each sleep is written down. */
export function hastyClock(onSleep: () => unknown = () => undefined) {
  let nowMs = Date.parse("2024-01-01T00:00:00Z");
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => nowMs,
    async sleep(ms: number) {
      sleeps.push(ms);
      nowMs += ms;
      await onSleep();
    },
  };
}

/** Time passes only by `advance`. */
export function manualClock() {
  let nowMs = Date.parse("2024-01-01T00:00:00Z");
  const sleeps: number[] = [];
  let sleepers: { readonly dueMs: number; readonly wake: () => void }[] = [];
  return {
    sleeps,
    now: () => nowMs,
    sleep: (ms: number) => {
      sleeps.push(ms);
      return new Promise<void>((wake) => sleepers.push({ dueMs: nowMs + ms, wake }));
    },
    advance(ms: number) {
      nowMs += ms;
      const due = sleepers.filter(({ dueMs }) => dueMs <= nowMs);
      sleepers = sleepers.filter(({ dueMs }) => dueMs > nowMs);
      for (const { wake } of due) wake();
    },
  };
}

export const REQUEST_ID = "8f14e45f-ceea-467f-a2b6-5b0f4c1d7e21";

export function client(
  url: string,
  settings: Partial<ClientSettings> = {},
  dependencies: Partial<HttpDependencies> = {},
): HttpClient {
  return createHttpClient(
    {
      service: "Keyri",
      urlProperty: "keyri:url",
      credentialProperty: "keyri:token",
      baseUrl: url,
      allowedHosts: [],
      timeoutMs: 5_000,
      secrets: [],
      ...settings,
    },
    { clock: hastyClock(), random: { uuid: () => REQUEST_ID, fraction: () => 0.5 }, ...dependencies },
  );
}

export const GET: Call = { operation: "keyri list", method: "GET", path: "/keys", answers: [200] };
export const POST: Call = {
  operation: "keyri register",
  method: "POST",
  path: "/keys",
  headers: { "content-type": "application/json" },
  body: '{"username":"ada"}',
  answers: [200],
};

/** The `HttpError` that a call comes to. */
export async function failureOf(call: Promise<unknown>): Promise<HttpError> {
  const error = await call.then(
    () => new Error("the call succeeded"),
    (reason: unknown) => reason,
  );
  if (!isHttpError(error)) throw error;
  return error;
}
