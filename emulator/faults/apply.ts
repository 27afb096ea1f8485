/** Applies a fault to a request: when the service runs, how long the client waits, and what is made of the answer. */
import { setTimeout as wait } from "node:timers/promises";
import { corrupted } from "./corrupt.js";
import type { FaultEffect } from "./fault-list.js";

/** Runs the service on the request; what it did is durable when it resolves. */
export type Serve = () => Promise<Response>;

const STOCK_BODY = { message: "A fault of the embedded tenant" };
const STATUSES_WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

/** The answer; `undefined` where the connection is to be broken, or the client has gone. */
export async function applyFault(
  effect: FaultEffect,
  serve: Serve,
  hungUp: AbortSignal,
): Promise<Response | undefined> {
  if (effect.when === "before") {
    if (!(await waited(effect, hungUp)) || effect.reset) return undefined;
    return isDelayAlone(effect) ? serve() : answerFor(effect, undefined);
  }
  const served = await serve();
  if (!(await waited(effect, hungUp)) || effect.reset) return undefined;
  return answerFor(effect, served);
}

function isDelayAlone({ status, headers, body, corrupt }: FaultEffect): boolean {
  return [status, headers, body, corrupt].every((part) => part === undefined);
}

/** False where the client hung up meanwhile. */
async function waited({ delayMs = 0 }: FaultEffect, hungUp: AbortSignal): Promise<boolean> {
  if (delayMs === 0) return true;
  try {
    await wait(delayMs, undefined, { signal: hungUp });
    return true;
  } catch {
    return false;
  }
}

async function answerFor(effect: FaultEffect, served: Response | undefined): Promise<Response> {
  // Another status without another body: the body of the success would contradict it.
  const keepsBody = served !== undefined && effect.body === undefined && effect.status === undefined;
  const headers = new Headers(keepsBody ? served.headers : { "content-type": "application/json" });
  const original = keepsBody ? Buffer.from(await served.arrayBuffer()) : bodyOf(effect);
  const { bytes, contentType } = corrupted(original, effect.corrupt);
  if (contentType !== undefined) headers.set("content-type", contentType);
  headers.delete("content-length");
  for (const [name, value] of Object.entries(effect.headers ?? {})) headers.set(name, value);
  const status = effect.status ?? served?.status ?? (effect.corrupt === undefined ? 503 : 200);
  if (!STATUSES_WITHOUT_BODY.has(status)) return new Response(bytes, { status, headers });
  // A corrupted answer has to be seen; without a body it couldn't be.
  return bytes.length > 0 && effect.corrupt !== undefined
    ? new Response(bytes, { status: 200, headers })
    : new Response(null, { status, headers });
}

function bodyOf({ body = STOCK_BODY }: FaultEffect): Buffer<ArrayBuffer> {
  return Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
}
