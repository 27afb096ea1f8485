/** A relay before one service of a tenant: passes all on, shows what came back, and can answer in the service's place. */
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { z } from "zod";

export interface Relay {
  readonly url: string;
  close(): Promise<void>;
}

export interface RelayOptions {
  /** The body of a 500 in place of the service's answer; undefined: it is asked. */
  instead?(method: string, path: string): string | undefined;
  /** What was asked and answered, after each answer that was passed back. */
  passed?(path: string, asked: Buffer, answered: string): void;
}

// What each connection has of its own.
const HOP_HEADERS: ReadonlySet<string> = new Set(["host", "connection", "content-length", "transfer-encoding"]);

export async function openRelay(target: string, { instead, passed }: RelayOptions): Promise<Relay> {
  const server = createServer(async (incoming, outgoing) => {
    const { method = "GET", url: path = "/" } = incoming;
    const body = await bodyOf(incoming);
    const said = instead?.(method, path);
    if (said !== undefined) {
      outgoing.writeHead(500, { "content-type": "application/json" }).end(said);
      return;
    }
    const headers = Object.entries(incoming.headers).flatMap(([name, value]): [string, string][] =>
      typeof value === "string" && !HOP_HEADERS.has(name) ? [[name, value]] : [],
    );
    const answer = await fetch(`${target}${path}`, { method, headers, ...(body.length === 0 ? {} : { body }) });
    const text = await answer.text();
    passed?.(path, body, text);
    outgoing.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" }).end(text);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
