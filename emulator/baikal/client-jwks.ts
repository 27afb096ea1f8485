/**
 * The clients' JWK Sets as the authserver knows them: fetched from the registered URL and then believed for a set time, whatever
 * they lack. It doesn't fetch early for an unknown `kid`, so that a key published too late is rejected here as it may be there.
 */
import { z } from "zod";
import type { Clock } from "../clock.js";
import { describeIssues } from "../invalid.js";
import { JWKS_MAX_BYTES, JWKS_TIMEOUT_MS } from "./assumptions.js";
import type { RegisteredClient } from "./clients.js";
import type { Rejection } from "./rejection.js";

const text = z.string("must be text").exactOptional();
const publicJwk = z
  .looseObject({})
  .refine((jwk) => !("d" in jwk || "k" in jwk), "must be a public key")
  .pipe(
    z.object({
      kty: z.string("must be text"),
      kid: text,
      use: text,
      alg: text,
      crv: text,
      x: text,
      y: text,
      n: text,
      e: text,
    }),
  );
const jwkSet = z.object({ keys: z.array(publicJwk, "must be a list") }, "must be an object with a list of keys");

export type PublicJwk = z.output<typeof publicJwk>;
export type JwksReading = { readonly keys: readonly PublicJwk[] } | { readonly rejected: Rejection };

interface Fetched {
  /** When it was asked for: the clock may be moved while the answer is on its way. */
  readonly askedAtMs: number;
  readonly reading: Promise<JwksReading>;
}

export class ClientJwks {
  readonly #clock: Clock;
  readonly #cacheMs: number;
  /** By client id, those under way included: whoever asks while one is young enough waits for it. */
  readonly #fetched = new Map<string, Fetched>();

  constructor(clock: Clock, cacheSeconds: number) {
    this.#clock = clock;
    this.#cacheMs = cacheSeconds * 1_000;
  }

  of({ clientId, jwksUrl }: RegisteredClient): Promise<JwksReading> {
    const nowMs = this.#clock.nowMs();
    const known = this.#fetched.get(clientId);
    const ageMs = nowMs - (known?.askedAtMs ?? 0);
    // A negative age is a clock that was set back; what was fetched then is in the future now.
    if (known !== undefined && ageMs >= 0 && ageMs < this.#cacheMs) return known.reading;
    const fetched = { askedAtMs: nowMs, reading: fetchJwks(jwksUrl) };
    this.#fetched.set(clientId, fetched);
    void this.#forgetFailure(clientId, fetched);
    return fetched.reading;
  }

  clear(): void {
    this.#fetched.clear();
  }

  /** There is nothing to believe: the next assertion asks again. */
  async #forgetFailure(clientId: string, fetched: Fetched): Promise<void> {
    const reading = await fetched.reading;
    if ("rejected" in reading && this.#fetched.get(clientId) === fetched) this.#fetched.delete(clientId);
  }
}

async function fetchJwks(url: string): Promise<JwksReading> {
  let body: string | undefined;
  try {
    const response = await fetch(url, {
      headers: { accept: "application/json" },
      // The registered URL is where the keys are, and nobody else may send the authserver elsewhere.
      redirect: "manual",
      signal: AbortSignal.timeout(JWKS_TIMEOUT_MS),
    });
    body = await boundedText(response);
    if (response.status !== 200) return unreachable(`${url} answered ${response.status}`);
    if (body === undefined) return unreachable(`${url} serves more than ${JWKS_MAX_BYTES} bytes`);
  } catch (error) {
    const timedOut = error instanceof Error && error.name === "TimeoutError";
    return unreachable(timedOut ? `${url} didn't answer within ${JWKS_TIMEOUT_MS} ms` : `${url} can't be fetched`);
  }
  const parsed = jwkSet.safeParse(parseJson(body));
  if (parsed.success) return { keys: parsed.data.keys };
  const detail = `what ${url} serves is no JWK Set of public keys: ${describeIssues(parsed.error)}`;
  return { rejected: { reason: "JWKS unusable", detail } };
}

/** What is counted comes out of its compression already. Undefined where it is too much: leaving the loop breaks the connection off. */
async function boundedText({ body }: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > JWKS_MAX_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function unreachable(detail: string): JwksReading {
  return { rejected: { reason: "JWKS unreachable", detail } };
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
