/** A tenant whose authserver's client signs like an application: its keys, its assertions, its grants over HTTP. */
import { randomUUID } from "node:crypto";
import {
  type CryptoKey,
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTPayload,
  SignJWT,
} from "jose";
import type { State, Tenant, TenantOptions } from "../../../emulator/testing.js";
import { type Answer, answerOf, StillClock, tenantFor } from "../_setup.js";

export const JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";

export type Algorithm = "RS256" | "ES256";

export interface ClientKey {
  readonly alg: Algorithm;
  readonly kid: string;
  readonly privateKey: CryptoKey;
  /** As the Python SDK publishes it: without kid and use. */
  readonly bare: JWK;
  /** With kid and use. */
  readonly jwk: JWK;
}

export async function clientKey(alg: Algorithm = "ES256"): Promise<ClientKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const bare = { alg, ...(await exportJWK(publicKey)) };
  const kid = await calculateJwkThumbprint(bare);
  return { alg, kid, privateKey, bare, jwk: { ...bare, kid, use: "sig" } };
}

export interface Assertion {
  readonly key: ClientKey;
  /** `false`: a header without one, as the Python SDK sends it. */
  readonly kid?: string | false;
  readonly claims?: JWTPayload;
}

export interface BaikalTenant {
  readonly tenant: Tenant;
  readonly clock: StillClock;
  readonly baikal: Tenant["record"]["baikal"];
  /** The tenant's time in whole seconds. */
  nowSeconds(): number;
  publish(keys: readonly JWK[], name?: string): Promise<Answer>;
  assertionOf(assertion: Assertion): Promise<string>;
  token(form: Record<string, string>, headers?: Record<string, string>): Promise<Answer>;
  /** A jwt-bearer grant. */
  grant(assertion: Assertion, headers?: Record<string, string>): Promise<Answer>;
  introspect(token: string): Promise<Answer>;
  counts(): State["baikal"];
}

export async function baikalTenant(options: TenantOptions = {}): Promise<BaikalTenant> {
  const clock = new StillClock();
  const tenant = await tenantFor({ clock, ...options });
  return baikalOf(tenant, clock);
}

export function baikalOf(tenant: Tenant, clock: StillClock): BaikalTenant {
  const { baikal } = tenant.record;
  const nowSeconds = () => Math.floor(Date.parse(tenant.setClock({ advanceMs: 0 }).now) / 1_000);
  const post = async (path: string, form: Record<string, string>, headers: Record<string, string> = {}) => {
    const authorization = basic(baikal.clientId, baikal.clientSecret);
    const body = new URLSearchParams(form);
    const sent = await fetch(baikal.endpoint + path, { method: "POST", headers: { authorization, ...headers }, body });
    return answerOf(sent);
  };
  const assertionOf = ({ key, kid = key.kid, claims = {} }: Assertion) => {
    const iat = nowSeconds();
    const payload = {
      sub: "ada",
      active: true,
      scope: "read write",
      purpose: "",
      iat,
      exp: iat + 3_600,
      iss: baikal.issuer,
      aud: `${baikal.endpoint}/`,
      ...claims,
    };
    const header = { alg: key.alg, typ: "JWT", ...(kid === false ? {} : { kid }) };
    return new SignJWT(payload).setProtectedHeader(header).sign(key.privateKey);
  };
  return {
    tenant,
    clock,
    baikal,
    nowSeconds,
    assertionOf,
    async publish(keys, name = "billing.json") {
      const headers = { authorization: `Bearer ${baikal.publishToken}` };
      const body = JSON.stringify({ keys });
      return answerOf(await fetch(`${baikal.publishUrl}/${name}`, { method: "PUT", headers, body }));
    },
    token: (form, headers) => post("/token", form, headers),
    grant: async (assertion, headers) =>
      post("/token", { grant_type: JWT_BEARER, assertion: await assertionOf(assertion) }, headers),
    introspect: (token) => post("/token/introspection", { token }),
    counts: () => tenant.state().baikal,
  };
}

/** With the raw id and secret, nothing percent-encoded. */
export function basic(id: string, secret: string): string {
  return `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`;
}

/** The access token of a grant that succeeded. */
export function accessTokenOf({ status, body }: Answer): string {
  if (status !== 200 || typeof body !== "object" || body === null || !("access_token" in body))
    throw new Error(`No token: ${status} ${JSON.stringify(body)}`);
  return String(body.access_token);
}

export const proofHeaders = () => ({ "x-correlator": `authn-proof/${randomUUID()}` });
