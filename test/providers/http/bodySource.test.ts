import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { Readable } from "node:stream";
import { describe, expect, it, onTestFinished } from "vitest";
import { type BodySource, closeAllPools } from "../../../providers/http/client.js";
import { client, failureOf, POST, portOf } from "./service.js";

interface Got {
  readonly length: string | undefined;
  readonly encoding: string | undefined;
  readonly bytes: number;
  readonly sha256: string;
}

/** Reads every body to its end and answers with the statuses in turn. */
async function reader(...statuses: readonly number[]) {
  const got: Got[] = [];
  const server = createServer(async (request, response) => {
    const hash = createHash("sha256");
    let bytes = 0;
    try {
      for await (const chunk of request) {
        hash.update(chunk);
        bytes += chunk.length;
      }
    } catch {
      return;
    }
    const { "content-length": length, "transfer-encoding": encoding } = request.headers;
    got.push({ length, encoding, bytes, sha256: hash.digest("hex") });
    response.writeHead(statuses[Math.min(got.length, statuses.length) - 1] ?? 200).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await closeAllPools();
  });
  return { url: `http://127.0.0.1:${portOf(server.address())}`, got };
}

/** As many bytes as asked for, in pieces that come to be only when they are read. */
function pieces(bytes: number) {
  const state = { opened: 0, ahead: 0, read: 0 };
  const body: BodySource = {
    bytes,
    open() {
      state.opened += 1;
      const piece = Buffer.alloc(64 * 1024, 7);
      return Readable.from(
        (function* () {
          for (let left = bytes; left > 0; left -= piece.length) yield piece.subarray(0, Math.min(left, piece.length));
        })(),
      );
    },
  };
  return { body, state };
}

describe("a body that is read from a source", () => {
  it("arrives whole, with its length and not in chunks", async () => {
    const service = await reader(200);
    const bytes = 3_000_001;
    await client(service.url).call({ ...POST, body: pieces(bytes).body });
    const sha256 = createHash("sha256").update(Buffer.alloc(bytes, 7)).digest("hex");
    expect(service.got).toEqual([{ length: String(bytes), encoding: undefined, bytes, sha256 }]);
  });

  it("is opened anew for each attempt, so that a repetition sends the same bytes", async () => {
    const service = await reader(503, 200);
    const { body, state } = pieces(100_000);
    await client(service.url).call({ ...POST, body, repeatable: true });
    expect(state.opened).toBe(2);
    expect(service.got.map(({ bytes }) => bytes)).toEqual([100_000, 100_000]);
  });

  it("that ends too early is an error, and the service gets no whole request", async () => {
    const service = await reader(200);
    const { body } = pieces(1_000);
    const error = await failureOf(client(service.url).call({ ...POST, body: { ...body, bytes: 2_000 } }));
    expect(error.outcome).toBe("unknown");
    expect(service.got).toEqual([]);
  });
});

describe("the request log of a call whose path holds names", () => {
  it("shows the route in its place", async () => {
    const service = await reader(200);
    const lines: string[] = [];
    const call = { ...POST, path: "/v1/users/demo/ada.lovelace", route: "/v1/users/{customer}/{username}" };
    await client(service.url, {}, { debug: (line) => lines.push(line) }).call(call);
    expect(lines.join()).toContain("/v1/users/{customer}/{username} 200");
    expect(lines.join()).not.toContain("ada.lovelace");
  });
});
