/**
 * One request on the wire, once: undici's dispatch interface (its `Dispatcher.dispatch`), because it alone tells whether the
 * request had begun to be sent. Never throws: what went wrong is part of what it returns.
 */
import type { Readable } from "node:stream";
import type { Dispatcher } from "undici";
import type { BodySource } from "./contract.js";

export interface WireRequest {
  readonly method: Dispatcher.HttpMethod;
  /** Path and query. */
  readonly path: string;
  /** What the log shows in place of the path. */
  readonly route: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** Never a bare stream: so that Content-Length is always sent, and a repetition sends the same bytes. */
  readonly body: string | Buffer | BodySource | undefined;
  /** From being handed over to the last byte of the answer. */
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
}

/** Why the body of an answer is not what the service meant to send; its status and headers still hold. */
export type BodyFault = "cut off" | "too late" | "too large" | "encoded";

/** A status line and headers came. */
export interface Answered {
  readonly answered: true;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty where there is a fault: half a body is not shown to anybody. */
  readonly body: Buffer;
  readonly bodyFault: BodyFault | undefined;
}

/** Nothing came. */
export interface Unanswered {
  readonly answered: false;
  /** False only where certainly no byte of the request was written. */
  readonly sent: boolean;
  readonly timedOut: boolean;
  /** The code of Node.js, OpenSSL or undici: `ECONNREFUSED`. */
  readonly code: string;
  readonly message: string;
}

export type Exchange = Answered | Unanswered;

interface Head {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

function flatten(headers: Readonly<Record<string, string | string[] | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value.join(", ") : (value ?? ""),
    ]),
  );
}

function codeOf(error: Error): string {
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}

function isEncoded(headers: Readonly<Record<string, string>>): boolean {
  const encoding = headers["content-encoding"]?.trim().toLowerCase() ?? "";
  return encoding !== "" && encoding !== "identity";
}

export function exchange(dispatcher: Dispatcher, request: WireRequest): Promise<Exchange> {
  return new Promise((resolve) => {
    let controller: Dispatcher.DispatchController | undefined;
    let head: Head | undefined;
    let settled = false;
    let size = 0;
    const chunks: Buffer[] = [];

    const settle = (result: Exchange): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      resolve(result);
    };
    const settleAnswer = (answer: Head, bodyFault: BodyFault | undefined): void => {
      const body = bodyFault === undefined ? Buffer.concat(chunks) : Buffer.alloc(0);
      settle({ answered: true, ...answer, body, bodyFault });
    };
    const giveUp = (answer: Head, bodyFault: BodyFault): void => {
      settleAnswer(answer, bodyFault);
      controller?.abort(new Error(`answer ${bodyFault}`));
    };
    const timer = setTimeout(() => {
      if (head !== undefined) return giveUp(head, "too late");
      const sent = controller !== undefined;
      const message = sent ? "no answer in time" : "no connection in time";
      settle({ answered: false, sent, timedOut: true, code: "ETIMEDOUT", message });
      controller?.abort(new Error(message));
    }, request.timeoutMs);

    dispatcher.dispatch(
      {
        method: request.method,
        path: request.path,
        headers: request.headers,
        body: bodyOf(request.body),
        // The timer above bounds the whole; undici's own limits would bound only the silences.
        headersTimeout: 0,
        bodyTimeout: 0,
      },
      {
        // Called on an established connection, just before the request is written to it.
        onRequestStart(started) {
          if (settled) return started.abort(new Error("given up before it was sent"));
          controller = started;
        },
        onResponseStart(_, status, headers) {
          if (status < 200 || settled) return;
          head = { status, headers: flatten(headers) };
          if (isEncoded(head.headers)) giveUp(head, "encoded");
        },
        onResponseData(_, chunk) {
          if (head === undefined || settled) return;
          size += chunk.length;
          if (size > request.maxBodyBytes) return giveUp(head, "too large");
          chunks.push(chunk);
        },
        onResponseEnd() {
          if (head !== undefined) settleAnswer(head, undefined);
        },
        onResponseError(_, error) {
          if (head !== undefined) return settleAnswer(head, "cut off");
          const sent = controller !== undefined;
          const code = codeOf(error);
          settle({ answered: false, sent, timedOut: TIMEOUTS.has(code), code, message: error.message });
        },
      },
    );
  });
}

function bodyOf(body: WireRequest["body"]): string | Buffer | Readable | null {
  if (body === undefined) return null;
  return typeof body === "string" || Buffer.isBuffer(body) ? body : body.open();
}

const TIMEOUTS: ReadonlySet<string> = new Set(["UND_ERR_CONNECT_TIMEOUT", "ETIMEDOUT"]);
