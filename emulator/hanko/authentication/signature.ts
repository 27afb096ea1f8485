/**
 * Who may call the Authentication API: whoever signs the request, HMAC-SHA-256 over its method, path and exact body, or simply
 * shows the secret (contracts/hanko.md, "Signing each request").
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { Clock } from "../../clock.js";
import { SIGNATURE_WINDOW_MS } from "../assumptions.js";
import type { UsedNonces } from "./nonces.js";

export interface Credentials {
  readonly apiKeyId: string;
  readonly apiSecret: string;
}

export interface SignedRequest {
  readonly authorization: string | undefined;
  /** Upper case. */
  readonly method: string;
  readonly path: string;
  readonly body: Uint8Array;
}

const proofSchema = z.object({
  apiKeyId: z.string(),
  /** Unix seconds. */
  time: z.string().regex(/^\d{1,12}$/),
  nonce: z.uuidv4(),
  signature: z.string(),
});

export interface SignatureParts extends Credentials {
  readonly nonces: UsedNonces;
  readonly clock: Clock;
}

/** Why the caller isn't let in; `undefined` where they are. A valid signature's nonce is hereby used. */
export function refusalOf(request: SignedRequest, parts: SignatureParts): string | undefined {
  const [, scheme = "", value = ""] = /^(hanko|secret) +([^ ]+) *$/i.exec(request.authorization ?? "") ?? [];
  if (scheme === "") return "Authorization must be hanko with a signature, or secret with the API secret";
  if (scheme.toLowerCase() === "secret") return isSame(value, parts.apiSecret) ? undefined : "The API secret is wrong";
  const proof = proofSchema.safeParse(parseJson(value)).data;
  if (proof === undefined) return "The signature must be the base64 of JSON with apiKeyId, time, nonce and signature";
  const timeMs = Number(proof.time) * 1000;
  if (!isSame(proof.apiKeyId, parts.apiKeyId)) return "The API key's id is unknown";
  if (!isSame(proof.signature, signatureOf(request, proof, parts))) return "The signature doesn't fit the request";
  if (Math.abs(parts.clock.nowMs() - timeMs) > SIGNATURE_WINDOW_MS) return "The time is too far from the server's";
  return parts.nonces.use(proof.nonce, timeMs + SIGNATURE_WINDOW_MS) ? undefined : "The nonce was used before";
}

/** Lower-case hexadecimal. */
export function signatureOf(
  { method, path, body }: Omit<SignedRequest, "authorization">,
  { time, nonce }: { readonly time: string; readonly nonce: string },
  { apiKeyId, apiSecret }: Credentials,
): string {
  const signed = [apiKeyId, time, method, path.replace(/\/+$/, ""), nonce];
  if (body.length > 0) signed.push(createHash("sha256").update(body).digest("hex"));
  return createHmac("sha256", apiSecret).update(signed.join(":")).digest("hex");
}

function parseJson(base64: string): unknown {
  try {
    return JSON.parse(Buffer.from(base64, "base64").toString("utf8"));
  } catch {
    return undefined;
  }
}

function isSame(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

// Digests have one length, whatever the text's: timingSafeEqual takes no other pair.
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
