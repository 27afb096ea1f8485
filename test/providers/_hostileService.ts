/** A service that stands before the tenant's and answers one call as an enemy would: with the true answer, twisted, or with anything else. */
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { z } from "zod";

export interface HostileAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Makes an answer of the true one. */
export type Twist = (status: number, text: string) => HostileAnswer;

/** A terminal's title, a screen cleared, a line begun anew, text that runs backwards. */
export const ESCAPES = "\u001b]0;owned\u0007\u001b[2J\r\nok\u009b31m\u202egnp\u0000";
/** What must not be said by anybody, however it came. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
export const UNPRINTABLE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

const POLLUTION = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}';
const DEEP = 50_000;

/** Each leaf replaced; objects and lists stay what they are. */
function twisted(text: string, leaf: (value: unknown) => unknown): string {
  const json = z.json().safeParse(parse(text));
  return JSON.stringify(replaced(json.data ?? {}, leaf));
}

function replaced(value: unknown, leaf: (value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((member) => replaced(member, leaf));
  if (typeof value !== "object" || value === null) return leaf(value);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, replaced(member, leaf)]));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const json = { "content-type": "application/json" };
const every = (leaf: (value: unknown) => unknown): Twist => {
  return (status, text) => ({ status, headers: json, body: twisted(text, leaf) });
};
const always = (status: number, body: string): Twist => {
  return () => ({ status, headers: json, body });
};

export const twists: readonly (readonly [string, Twist])[] = [
  ["each value null", every(() => null)],
  ["each text a terminal's escapes", every((value) => (typeof value === "string" ? ESCAPES : value))],
  ["each text a very long one", every((value) => (typeof value === "string" ? "a".repeat(100_000) : value))],
  [
    "each value an object that names prototypes",
    (status, text) => ({
      status,
      headers: json,
      body: twisted(text, () => "@").replaceAll('"@"', POLLUTION),
    }),
  ],
  [
    "members that name prototypes beside its own",
    (status, text) => ({
      status,
      headers: json,
      body: text.startsWith("{") && text !== "{}" ? `${POLLUTION.slice(0, -1)},${text.slice(1)}` : POLLUTION,
    }),
  ],
  ["JSON that is too deep", always(200, `${"[".repeat(DEEP)}${"]".repeat(DEEP)}`)],
  [
    "a refusal full of escapes",
    always(400, JSON.stringify({ message: ESCAPES, error: ESCAPES, title: ESCAPES, detail: ESCAPES })),
  ],
];

export interface HostileService {
  readonly url: string;
  /** The names of all headers that came, and each request's line. */
  readonly heard: { readonly line: string; readonly headers: readonly string[] }[];
  /** Answers what matches so; undefined: all is passed on as it is. */
  twist: { readonly method: string; readonly path: RegExp; readonly make: Twist } | undefined;
  close(): Promise<void>;
}

const HOP_HEADERS: ReadonlySet<string> = new Set([
  "host",
  "connection",
  "content-length",
  "transfer-encoding",
  "expect",
]);
const discovery = z.looseObject({ token_endpoint: z.string() });

export async function openHostileService(target: string): Promise<HostileService> {
  const server = createServer(async (incoming, outgoing) => {
    const { method = "GET", url: path = "/" } = incoming;
    service.heard.push({ line: `${method} ${path}`, headers: Object.keys(incoming.headers) });
    const body = await bodyOf(incoming);
    const headers = Object.entries(incoming.headers).flatMap(([name, value]): [string, string][] =>
      typeof value === "string" && !HOP_HEADERS.has(name) ? [[name, value]] : [],
    );
    const answer = await fetch(`${target}${path}`, { method, headers, ...(body.length === 0 ? {} : { body }) });
    const text = hereInstead(await answer.text());
    const { twist } = service;
    const meant = twist !== undefined && twist.method === method && twist.path.test(path);
    const type = answer.headers.get("content-type");
    const said = meant
      ? twist.make(answer.status, text)
      : { status: answer.status, body: text, headers: type === null ? {} : { "content-type": type } };
    const etag = answer.headers.get("etag");
    outgoing.on("error", () => undefined);
    outgoing.writeHead(said.status, { ...(etag === null ? {} : { etag }), ...said.headers });
    // A body is not allowed with some statuses.
    outgoing.end(said.status === 204 || said.status === 304 ? undefined : said.body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = z.object({ port: z.number() }).parse(server.address());
  const url = `http://127.0.0.1:${port}`;
  /** Discovery names whole addresses: the next request is to come here too. */
  const hereInstead = (text: string): string => {
    const found = discovery.safeParse(parse(text)).data;
    if (found === undefined) return text;
    return JSON.stringify({ ...found, token_endpoint: found.token_endpoint.replace(new URL(target).origin, url) });
  };
  const service: HostileService = {
    url,
    heard: [],
    twist: undefined,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return service;
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
