/** Reads a request's body up to a limit, before anything looks at the request: then every answer meets a client that listens. */
import type { IncomingMessage } from "node:http";

/** The whole body, or `undefined` where it exceeds `maxBytes`. Rejects where the client breaks off. */
export async function readBody(incoming: IncomingMessage, maxBytes: number): Promise<Buffer<ArrayBuffer> | undefined> {
  if (Number(incoming.headers["content-length"] ?? 0) > maxBytes) return undefined;
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Without destroyOnReturn, leaving the loop would close the socket that the answer has yet to take.
  for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
    const piece: Buffer = chunk;
    bytes += piece.length;
    if (bytes > maxBytes) return undefined;
    chunks.push(piece);
  }
  return Buffer.concat(chunks);
}
