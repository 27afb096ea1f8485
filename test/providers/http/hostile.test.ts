/** Answers below HTTP's usual ones: by a server that writes what it likes on the socket, or that never ends. */
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { closeAllPools } from "../../../providers/http/client.js";
import { ESCAPES, UNPRINTABLE } from "../_hostileService.js";
import { answer, client, failureOf, GET, POST, portOf, serve } from "./service.js";

/** Answers each connection's first bytes so; what it wrote is counted. */
async function raw(respond: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined).once("data", () => respond(socket));
    onTestFinished(() => void socket.destroy());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    server.close();
    await closeAllPools();
  });
  return `http://127.0.0.1:${portOf(server.address())}`;
}

/** Writes until it is cut off, no faster than it is read. @returns how much went out */
function forever(socket: Socket, chunk: string): () => number {
  const more = (): void => {
    while (!socket.destroyed && socket.write(chunk));
  };
  socket.on("drain", more);
  more();
  return () => socket.bytesWritten;
}

const OK = "HTTP/1.1 200 OK\r\n";
const LIMIT = 1024 * 1024;
/** What lies in the sockets' buffers on both sides when the limit is met. */
const IN_FLIGHT = 16 * LIMIT;

it.each([
  ["a body without an end", `${OK}\r\n`, "x".repeat(65_536)],
  ["a chunk without an end", `${OK}transfer-encoding: chunked\r\n\r\nffffffff\r\n`, "x".repeat(65_536)],
  ["headers without an end", OK, `x-filler: ${"x".repeat(1_000)}\r\n`],
  ["announcements without an end", "", "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n"],
])("%s is cut off, in bounded time and memory", async (_, head, rest) => {
  let written = () => 0;
  const url = await raw((socket) => {
    socket.write(head);
    written = forever(socket, rest);
  });
  const error = await failureOf(client(url, { timeoutMs: 1_000 }).call(POST));
  expect(error.outcome).toBe("unknown");
  expect(error.message.length).toBeLessThan(700);
  const atEnd = written();
  if (!rest.includes("103")) expect(atEnd).toBeLessThan(IN_FLIGHT);
});

it("headers that come one byte at a time are waited for no longer than the time limit", async () => {
  const url = await raw((socket) => {
    const bytes = `${OK}x-filler: ${"x".repeat(10_000)}`;
    let sent = 0;
    const drip = setInterval(() => socket.write(bytes.charAt(sent++)), 10);
    socket.on("close", () => clearInterval(drip));
  });
  const error = await failureOf(client(url, { timeoutMs: 200 }).call(POST));
  expect(error).toMatchObject({ outcome: "unknown", message: expect.stringContaining("within 200 ms") });
});

it.each([
  [
    "a bomb of gzip",
    answer(200, gzipSync(Buffer.alloc(LIMIT)).toString("latin1"), { "content-encoding": "gzip" }),
    "compressed",
  ],
  ["a bomb in a refusal", answer(500, "x", { "content-encoding": "br, gzip" }), "compressed"],
  ["JSON that is too deep", answer(200, `${'{"a":['.repeat(1_000)}${"]}".repeat(1_000)}`), "nested more than 64 deep"],
  ["lists that are too deep", answer(200, `${"[".repeat(100_000)}${"]".repeat(100_000)}`), "nested more than 64 deep"],
])("%s is refused unread", async (_, reply, words) => {
  const service = await serve(reply);
  const read = async () => (await client(service.url).call({ ...POST })).json(z.json());
  const error = await failureOf(read());
  expect(error.message).toContain(words);
  expect(error.message).not.toContain("[[");
});

it("members that name prototypes are members, and no more", async () => {
  const before = Reflect.ownKeys(Object.prototype);
  const service = await serve(
    answer(200, '{"name":"ada","__proto__":{"isAdmin":true},"constructor":{"prototype":{"isAdmin":true}}}'),
  );
  const read = (await client(service.url).call(GET)).json(z.looseObject({ name: z.string() }));
  expect(read.name).toBe("ada");
  expect("isAdmin" in read).toBe(false);
  expect(Reflect.ownKeys(Object.prototype)).toEqual(before);
});

it("nothing that it says is shown raw, neither by the error nor by the request log", async () => {
  const location = `http://${"a".repeat(60)}.example/\u001b]0;owned\u0007`;
  const bytes = `HTTP/1.1 302 ${ESCAPES.replaceAll(/[\r\n\0]/g, "")}\r\nlocation: ${location}\r\ncontent-length: ${Buffer.byteLength(ESCAPES)}\r\n\r\n${ESCAPES}`;
  const log: string[] = [];
  for (const status of ["302", "400", "503"]) {
    const url = await raw((socket) => socket.end(bytes.replace("302", status)));
    const error = await failureOf(client(url, {}, { debug: (line) => log.push(line) }).call(POST));
    const cause = error.cause instanceof Error ? error.cause.message : "";
    for (const text of [error.message, error.excerpt, cause, error.remedy]) expect(text).not.toMatch(UNPRINTABLE);
  }
  expect(log).toHaveLength(3);
  for (const line of log) expect(line).not.toMatch(UNPRINTABLE);
});

it("where a redirect leads is told in bounded length", async () => {
  const host = `${Array.from({ length: 100 }, () => "a".repeat(60)).join(".")}.example`;
  const service = await serve(answer(302, "", { location: `http://${host}/` }));
  expect((await failureOf(client(service.url).call(POST))).message.length).toBeLessThan(700);
});

it("a Retry-After beyond all numbers is told and not waited for", async () => {
  const service = await serve(answer(429, "", { "retry-after": "9".repeat(500) }));
  const error = await failureOf(client(service.url).call(POST));
  expect(error).toMatchObject({ status: 429, outcome: "not-processed" });
  expect(service.requests).toHaveLength(1);
});
