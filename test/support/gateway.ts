/** A door before a tenant with an address and a token of its own, both of which can change: a service that moved, a rotated key. */
import { once } from "node:events";
import { createServer, request, type Server } from "node:http";
import { z } from "zod";

export interface Gateway {
  readonly port: number;
  /** Requests that came, whether they were let in or not. */
  readonly requests: () => number;
  close(): Promise<void>;
}

/** Listens on every address of the machine, so that a host that is not loopback can be tried without a network. */
export async function openGateway(target: { url: string; token: string }, token: string): Promise<Gateway> {
  let requests = 0;
  const server: Server = createServer((incoming, outgoing) => {
    requests += 1;
    if (incoming.headers.authorization !== `Bearer ${token}`) {
      outgoing.writeHead(401, { "content-type": "application/json" }).end('{"message":"Unauthorized"}');
      return;
    }
    const { host: _, ...headers } = incoming.headers;
    const onward = request(
      new URL(incoming.url ?? "/", target.url),
      { method: incoming.method ?? "GET", headers: { ...headers, authorization: `Bearer ${target.token}` } },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    incoming.pipe(onward);
  });
  server.listen(0, "0.0.0.0");
  await once(server, "listening");
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return {
    port,
    requests: () => requests,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
