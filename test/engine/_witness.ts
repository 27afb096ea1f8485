/**
 * A door before one service of a tenant that sees what passes, and can answer in the service's place with all that the request held:
 * the worst that an error page, a debugging proxy or a broken service can do.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { z } from "zod";

/** One request as it came, and what the service answered, where it was asked. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly answered: string;
}

export interface SpokenAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** How a service misbehaves, of what it was asked and would have answered. */
export interface Misbehaviour {
  readonly name: string;
  /** Whether the service is asked, and so has done what it was asked for. Default: no. */
  readonly asks?: boolean;
  answer(exchange: Exchange): SpokenAnswer;
}

export interface Witness {
  readonly url: string;
  /** All that passed, oldest first. */
  readonly exchanges: readonly Exchange[];
  /** From now on, until told otherwise, the requests that are meant are answered so. */
  misbehave(how: Misbehaviour | undefined, isMeant?: (method: string, path: string) => boolean): void;
  close(): Promise<void>;
}

const json = (status: number, value: unknown): SpokenAnswer => ({
  status,
  type: "application/json",
  body: JSON.stringify(value),
});
const text = (status: number, body: string): SpokenAnswer => ({ status, type: "text/plain", body });
const broken = (body: string): SpokenAnswer => ({ status: 200, type: "application/json", body });

// An error shows the beginning of what came, so what hurts must stand first, each in its turn.
const credentialsOf = ({ headers }: Exchange) =>
  ["authorization", "apikey", "x-api-key", "x-key"].flatMap((name) => headers[name] ?? []).join(" ");

const bodyOf = ({ body }: Exchange) => body.toString("utf8");

/** Each shows all that the request held, in one form and place or another. */
export const misbehaviours: readonly Misbehaviour[] = [
  { name: "repeats the credentials", answer: (asked) => text(400, credentialsOf(asked)) },
  { name: "repeats the body", answer: (asked) => text(422, bodyOf(asked)) },
  { name: "repeats the body's end", answer: (asked) => text(500, bodyOf(asked).slice(-150)) },
  { name: "repeats it in base64", answer: (asked) => text(500, asked.body.toString("base64")) },
  {
    name: "repeats it in the words of OAuth and of problems",
    answer(asked) {
      const words = `${bodyOf(asked)} ${credentialsOf(asked)}`;
      return json(400, { error: words, error_description: words, title: words, detail: words, message: words });
    },
  },
  {
    name: "says it in JSON that breaks off",
    answer: (asked) => broken(`{"echo":"${credentialsOf(asked)} ${bodyOf(asked)}`),
  },
  {
    name: "has it for a key and for a number",
    answer: (asked) => json(200, { [bodyOf(asked)]: 1, id: credentialsOf(asked) }),
  },
  {
    name: "answers as it ought to, and breaks off",
    asks: true,
    answer: ({ answered }) => broken(answered.slice(0, -3)),
  },
];

// What each connection has of its own.
const HOP_HEADERS: ReadonlySet<string> = new Set(["host", "connection", "content-length", "transfer-encoding"]);

/** @param reworded an answer's text as it is passed on: a document that names addresses names the door's */
export async function openWitness(
  target: string,
  reworded = (answer: string, _url: string) => answer,
): Promise<Witness> {
  const exchanges: Exchange[] = [];
  let misbehaviour: Misbehaviour | undefined;
  let meant: (method: string, path: string) => boolean = () => true;
  let url = "";
  const server = createServer(async (incoming, outgoing) => {
    const { method = "GET", url: path = "/" } = incoming;
    const body = await readBody(incoming);
    const headers = Object.fromEntries(
      Object.entries(incoming.headers).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])),
    );
    const how = misbehaviour !== undefined && meant(method, path) ? misbehaviour : undefined;
    const answer =
      how !== undefined && how.asks !== true ? undefined : await asked(target, { method, path, headers, body });
    const exchange = { method, path, headers, body, answered: answer?.body ?? "" };
    exchanges.push(exchange);
    const said = how?.answer(exchange) ?? answer;
    if (said === undefined) throw new Error("neither the service nor a misbehaviour answers");
    outgoing.writeHead(said.status, { "content-type": said.type }).end(reworded(said.body, url));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${z.object({ port: z.number() }).parse(server.address()).port}`;
  return {
    url,
    exchanges,
    misbehave(how, isMeant = () => true) {
      misbehaviour = how;
      meant = isMeant;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function asked(
  target: string,
  { method, path, headers, body }: Omit<Exchange, "answered">,
): Promise<SpokenAnswer> {
  const onward = Object.entries(headers).filter(([name]) => !HOP_HEADERS.has(name));
  const sent = body.length === 0 ? {} : { body: new Uint8Array(body) };
  const answer = await fetch(`${target}${path}`, { method, headers: onward, ...sent });
  return { status: answer.status, type: answer.headers.get("content-type") ?? "", body: await answer.text() };
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
