/** Hanko's calls as a client makes them, and passkeys to make them with, for the tests of the embedded tenant. */
import { createHash, createHmac, randomBytes, randomUUID } from "node:crypto";
import { z } from "zod";
import type { HankoOptions, TenantOptions, TenantRecord } from "../../../emulator/testing.js";
import { createCredential } from "../../../providers/hanko/authenticator/createCredential.js";
import { type Authenticator, PLATFORM_AUTHENTICATOR } from "../../../providers/hanko/authenticator/credential.js";
import { getAssertion } from "../../../providers/hanko/authenticator/getAssertion.js";
import { generateKey } from "../../../providers/hanko/authenticator/keys.js";
import { creationOptions, requestOptions } from "../../../providers/hanko/authenticator/options.js";
import type { HankoAlgorithm } from "../../../providers/hanko/inputs.js";
import { type Answer, StillClock, tenantFor } from "../_setup.js";

export interface PasskeyParts extends Partial<Authenticator> {
  readonly algorithm?: HankoAlgorithm;
  readonly id?: string;
  readonly signCount?: number;
}

const createAnswer = z.object({ publicKey: creationOptions });
const getAnswer = z.object({ publicKey: requestOptions });

/** An authenticator with one credential, at the page of `origin`. */
export async function passkey(origin: string, parts: PasskeyParts = {}) {
  const { algorithm = "ES256", id = randomBytes(32).toString("base64url"), signCount = 0, ...features } = parts;
  const privateKey = await generateKey(algorithm);
  const authenticator = { ...PLATFORM_AUTHENTICATOR, ...features };
  const credential = { id, algorithm, privateKey, authenticator };
  let registeredFor = { rpId: "", userHandle: "" };
  return {
    id,
    /** Answers the body of an initialize. */
    create(body: unknown, { at = origin, counter = signCount } = {}) {
      const { publicKey } = createAnswer.parse(body);
      registeredFor = { rpId: publicKey.rp.id ?? "", userHandle: publicKey.user.id };
      return createCredential(publicKey, credential, { origin: at, signCount: counter });
    },
    get(body: unknown, { at = origin, counter = signCount, verified = true } = {}) {
      const { publicKey } = getAnswer.parse(body);
      const held = { ...credential, ...registeredFor, authenticator: { ...authenticator, userVerification: verified } };
      return getAssertion(publicKey, held, { origin: at, signCount: counter });
    },
  };
}

export type Passkey = Awaited<ReturnType<typeof passkey>>;

export async function hankoTenant(hanko: HankoOptions = {}, options: TenantOptions = {}) {
  const clock = new StillClock();
  const tenant = await tenantFor({ clock, hanko, ...options });
  return { tenant, clock, hanko: tenant.record.hanko, ...callsOf(tenant.record, clock) };
}

export function callsOf({ hanko }: TenantRecord, clock: StillClock) {
  const base = `${hanko.passkey.url}/${hanko.passkey.tenantId}`;
  /** To the Passkey API, with its key unless told otherwise. */
  const call = (method: string, path: string, json?: unknown, headers: Readonly<Record<string, string>> = {}) =>
    send(base + path, method, { apikey: hanko.passkey.apiKey, ...headers }, json);
  const begin = (userId: string, username = userId) =>
    call("POST", "/registration/initialize", { user_id: userId, username });
  const register = async (userId: string, parts: PasskeyParts = {}) => {
    const made = await passkey(hanko.origin, parts);
    const answer = await call("POST", "/registration/finalize", made.create((await begin(userId)).body));
    return { ...made, answer };
  };
  const signIn = async (made: Passkey, userId?: string) => {
    const options = await call("POST", "/login/initialize", userId === undefined ? {} : { user_id: userId });
    return call("POST", "/login/finalize", made.get(options.body));
  };
  const beginTransaction = (userId: string, transactionId: string, data: unknown) =>
    call("POST", "/transaction/initialize", {
      user_id: userId,
      transaction_id: transactionId,
      transaction_data: data,
    });
  /** To the Authentication API, signed. */
  const signed = (method: string, path: string, json?: unknown, parts: Partial<SignedParts> = {}) => {
    const body = json === undefined ? "" : JSON.stringify(json);
    const { apiKeyId, apiSecret, url } = hanko.authentication;
    const fullPath = `/v1/webauthn${path}`;
    const signature = { apiKeyId, apiSecret, method, body, path: fullPath, nowMs: clock.nowMs(), ...parts };
    return send(url + fullPath, method, { authorization: authorization(signature) }, json);
  };
  const enroll = async (userId: string, parts: PasskeyParts = {}, options: unknown = null) => {
    const user = { id: userId, name: userId, displayName: userId };
    const made = await passkey(hanko.origin, parts);
    const begun = await signed("POST", "/registration/initialize", { user, options });
    return { ...made, answer: await signed("POST", "/registration/finalize", made.create(begun.body)) };
  };
  return { base, call, begin, register, signIn, beginTransaction, signed, enroll };
}

export interface SignedParts {
  readonly apiKeyId: string;
  readonly apiSecret: string;
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly nowMs: number;
  readonly nonce: string;
  readonly time: string;
}

/** As the SDKs make it (contracts/hanko.md). */
export function authorization(parts: Omit<SignedParts, "nonce" | "time"> & Partial<SignedParts>): string {
  const { apiKeyId, apiSecret, method, path, body, nowMs, nonce = randomUUID() } = parts;
  const time = parts.time ?? String(Math.floor(nowMs / 1000));
  const hash = body === "" ? "" : `:${createHash("sha256").update(body).digest("hex")}`;
  const text = `${apiKeyId}:${time}:${method}:${path.split("?")[0]}:${nonce}${hash}`;
  const signature = createHmac("sha256", apiSecret).update(text).digest("hex");
  const json = JSON.stringify({ apiKeyId, time, nonce, signature });
  return `hanko ${Buffer.from(json).toString("base64").replace(/=+$/, "")}`;
}

export async function send(
  url: string,
  method: string,
  headers: Readonly<Record<string, string>>,
  json?: unknown,
): Promise<Answer & { readonly text: string }> {
  const body = json === undefined ? {} : { body: JSON.stringify(json) };
  const response = await fetch(url, { method, headers: { "content-type": "application/json", ...headers }, ...body });
  const text = await response.text();
  const parsed: unknown = text === "" ? undefined : JSON.parse(text);
  return { status: response.status, headers: response.headers, body: parsed, text };
}

const tokenAnswer = z.object({ token: z.string() });
const claims = z.record(z.string(), z.unknown());

export function tokenOf({ body }: Answer): string {
  return tokenAnswer.parse(body).token;
}

/** The claims of an answered token, unverified. */
export function claimsOf(answer: Answer) {
  return claims.parse(JSON.parse(Buffer.from(tokenOf(answer).split(".")[1] ?? "", "base64url").toString()));
}
