/**
 * The Passkey API as a relying party's backend uses it: over HTTP with the API key, so that journal and faults see these calls like any
 * other's. Its tokens are believed only after their signature, audience and age were checked.
 */
import { createRemoteJWKSet, jwtVerify } from "jose";
import { z } from "zod";
import type { Clock } from "../clock.js";

export interface PasskeyServiceParts {
  /** With the tenant's id. */
  readonly url: string;
  readonly apiKey: string;
  readonly rpId: string;
}

/** The service said no: what the visitor may read of it. */
export class PasskeyRefusal extends Error {
  override readonly name = "PasskeyRefusal";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const options = z.looseObject({ publicKey: z.looseObject({}) });
const tokenAnswer = z.object({ token: z.string() });
const claims = z.object({ sub: z.string(), cred: z.string() });
const credentials = z.array(z.object({ id: z.string(), name: z.string().optional(), created_at: z.string() }));
const refusal = z.object({ title: z.string() });
const nothing = z.undefined();
const PAGE_SIZE = 100;
const BAD_GATEWAY = 502;

export class PasskeyService {
  readonly #parts: PasskeyServiceParts;
  readonly #clock: Clock;
  readonly #keys: ReturnType<typeof createRemoteJWKSet>;

  constructor(parts: PasskeyServiceParts, clock: Clock) {
    this.#parts = parts;
    this.#clock = clock;
    this.#keys = createRemoteJWKSet(new URL(`${parts.url}/.well-known/jwks.json`));
  }

  async beginRegistration(userId: string, username: string) {
    return this.#call(options, "POST", "/registration/initialize", { user_id: userId, username });
  }

  async finishRegistration(response: unknown) {
    return this.#verified(await this.#call(tokenAnswer, "POST", "/registration/finalize", response));
  }

  async beginLogin() {
    return this.#call(options, "POST", "/login/initialize", {});
  }

  async finishLogin(response: unknown) {
    return this.#verified(await this.#call(tokenAnswer, "POST", "/login/finalize", response));
  }

  async credentialsOf(userId: string) {
    const query = new URLSearchParams({ user_id: userId, per_page: String(PAGE_SIZE) });
    return this.#call(credentials, "GET", `/credentials?${query}`);
  }

  async remove(credentialId: string): Promise<void> {
    await this.#call(nothing, "DELETE", `/credentials/${encodeURIComponent(credentialId)}`);
  }

  async #verified({ token }: z.infer<typeof tokenAnswer>): Promise<z.infer<typeof claims>> {
    const { rpId } = this.#parts;
    const currentDate = new Date(this.#clock.nowMs());
    try {
      const checks = { algorithms: ["RS256"], audience: rpId, currentDate };
      return claims.parse((await jwtVerify(token, this.#keys, checks)).payload);
    } catch {
      throw new PasskeyRefusal(BAD_GATEWAY, "The passkey service's token can't be verified");
    }
  }

  async #call<Answer>(schema: z.ZodType<Answer>, method: string, path: string, body?: unknown): Promise<Answer> {
    const { url, apiKey } = this.#parts;
    const headers = { apikey: apiKey, "content-type": "application/json" };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(url + path, { method, headers, ...sent })
      .then(async (response) => ({ response, text: await response.text() }))
      .catch(() => undefined);
    if (answer === undefined) throw new PasskeyRefusal(BAD_GATEWAY, "The passkey service can't be reached");
    const { response, text } = answer;
    const json = parseJson(text);
    const title = refusal.safeParse(json).data?.title;
    if (!response.ok) throw new PasskeyRefusal(response.status, title ?? "The passkey service failed");
    const parsed = schema.safeParse(json);
    if (parsed.success) return parsed.data;
    throw new PasskeyRefusal(BAD_GATEWAY, "The passkey service's answer can't be read");
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
