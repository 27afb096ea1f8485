/** One origin's port: bound to loopback before its service is opened, so that the service can be told its own address. */
import type { IncomingMessage } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { portOf, type Slot } from "../slots.js";
import { bindLoopback, LOOPBACK } from "./loopback.js";

/** WebAuthn wants a domain, and an address isn't one. */
const calledLocalhost: ReadonlySet<Slot> = new Set(["relying-party"]);

/** Answers a request; `incoming` is the same one as Node sees it. */
export type Answer = (request: Request, incoming: IncomingMessage) => Promise<Response>;

export interface Listener {
  readonly slot: Slot;
  readonly port: number;
  /** Without a trailing slash. */
  readonly url: string;
  /** From now on requests are answered by this; until then by 503. */
  serve(answer: Answer): void;
  /** Ends all connections and resolves when no request is under way any more. */
  close(): Promise<void>;
}

const starting: Answer = async () => new Response(null, { status: 503, headers: { "retry-after": "1" } });

/** @throws TenantError where a port is taken; then none of them stays bound. */
export async function listenAll(wanted: readonly Slot[], basePort: number): Promise<readonly Listener[]> {
  const bound = await Promise.allSettled(wanted.map((slot) => listen(slot, portOf(slot, basePort))));
  const listeners = bound.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const failure = bound.find((result) => result.status === "rejected");
  if (failure === undefined) return listeners;
  await Promise.all(listeners.map((listener) => listener.close()));
  throw failure.reason;
}

async function listen(slot: Slot, wantedPort: number): Promise<Listener> {
  let answer = starting;
  const underWay = new Set<Promise<void>>();
  const bothFamilies = calledLocalhost.has(slot);
  const { port, servers } = await bindLoopback({ slot, port: wantedPort, bothFamilies }, (incoming, outgoing) => {
    const respond = getRequestListener((request) => answer(request, incoming), { overrideGlobalObjects: false });
    const responded = respond(incoming, outgoing).finally(() => underWay.delete(responded));
    underWay.add(responded);
  });
  return {
    slot,
    port,
    url: `http://${bothFamilies ? "localhost" : LOOPBACK}:${port}`,
    serve(next) {
      answer = next;
    },
    async close() {
      const closed = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
      for (const server of servers) server.closeAllConnections();
      await Promise.all(closed);
      await Promise.allSettled(underWay);
    },
  };
}
