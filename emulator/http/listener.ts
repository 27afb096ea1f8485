/** One origin's port: bound to loopback before its service is opened, so that the service can be told its own address. */
import { createServer, type IncomingMessage, type Server } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { TenantError } from "../errors.js";
import { portOf, type Slot } from "../slots.js";

/** The only address the tenant listens on. */
const LOOPBACK = "127.0.0.1";

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
  const server = createServer((incoming, outgoing) => {
    const respond = getRequestListener((request) => answer(request, incoming), { overrideGlobalObjects: false });
    const responded = respond(incoming, outgoing).finally(() => underWay.delete(responded));
    underWay.add(responded);
  });
  const port = await bind(server, slot, wantedPort);
  return {
    slot,
    port,
    url: `http://${LOOPBACK}:${port}`,
    serve(next) {
      answer = next;
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      await Promise.allSettled(underWay);
    },
  };
}

function bind(server: Server, slot: Slot, wantedPort: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(bindingError(error, slot, wantedPort)));
    server.listen({ host: LOOPBACK, port: wantedPort, exclusive: true }, () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : wantedPort);
    });
  });
}

function bindingError(error: NodeJS.ErrnoException, slot: Slot, port: number): TenantError {
  const reason = error.code === "EADDRINUSE" ? "is in use" : `can't be listened on (${error.code ?? "unknown cause"})`;
  return new TenantError({
    problem: "port",
    what: `Port ${port}, where the embedded tenant's ${slot} origin belongs, ${reason}`,
    remedy: "Stop what listens there, or give the tenant another base port (0 for any free ones)",
    cause: error,
  });
}
