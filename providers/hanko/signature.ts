/**
 * How a request to the Authentication API is signed: HMAC-SHA-256 over who, when, what and a nonce (contracts/hanko.md,
 * "Signing each request").
 */
import { createHash, createHmac } from "node:crypto";

export interface HankoApiKey {
  /** Absent: the secret itself goes into the header. */
  readonly apiKeyId?: string | undefined;
  readonly apiSecret: string;
}

export interface RequestToSign {
  readonly method: string;
  /** The path after the base URL's origin; a query and trailing slashes are left out of the signature. */
  readonly path: string;
  /** Exactly what is sent; text as its UTF-8 bytes. */
  readonly body?: string | Uint8Array | undefined;
  /** Unix milliseconds. */
  readonly nowMs: number;
  /** UUID v4, new for each request. */
  readonly nonce: string;
}

/** The value of the `Authorization` header; a secret, above all without a key id. */
export function authorizationOf({ apiKeyId, apiSecret }: HankoApiKey, request: RequestToSign): string {
  if (apiKeyId === undefined) return `secret ${apiSecret}`;
  const time = String(Math.floor(request.nowMs / 1000));
  const signature = signatureOf(apiKeyId, apiSecret, time, request);
  const json = JSON.stringify({ apiKeyId, time, nonce: request.nonce, signature });
  return `hanko ${Buffer.from(json, "utf8").toString("base64").replace(/=+$/, "")}`;
}

/** @param time Unix seconds, decimal @returns lower-case hex */
function signatureOf(
  apiKeyId: string,
  apiSecret: string,
  time: string,
  { method, path, body, nonce }: RequestToSign,
): string {
  const parts = [apiKeyId, time, method.toUpperCase(), signedPath(path), nonce];
  if (body !== undefined && body.length > 0) parts.push(createHash("sha256").update(body).digest("hex"));
  return createHmac("sha256", apiSecret).update(parts.join(":")).digest("hex");
}

function signedPath(path: string): string {
  return path.replace(/[?#].*$/s, "").replace(/\/+$/, "");
}
