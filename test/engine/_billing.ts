/**
 * The client whose keys rotate, and those it shows its assertions to: the tenant's authserver, and verifiers of its own that keep
 * the document they fetched for the whole time that the policy grants them. None of it is this package's: tokens by `jose`.
 */
import { randomUUID } from "node:crypto";
import {
  createLocalJWKSet,
  decodeProtectedHeader,
  errors,
  importPKCS8,
  type JSONWebKeySet,
  jwtVerify,
  SignJWT,
} from "jose";
import { z } from "zod";
import type { Tenant } from "../../emulator/testing.js";

const CACHE_MS = 15 * 60_000;
const LIFE_MS = 60 * 60_000;

export interface SigningKey {
  readonly kid: string;
  /** PKCS#8 PEM, P-256. */
  readonly privateKey: string;
}

export interface Billing {
  /** Signs an assertion, shows it to all, and shows again what was signed before and lives still. */
  present(keys: readonly SigningKey[]): Promise<void>;
  /** How often anything was shown, to anybody. */
  shown(): number;
  /** What verifiers beside the authserver refused, and the authserver's own refusals as this client saw them. */
  refused(): readonly string[];
}

interface Signed {
  readonly token: string;
  readonly atMs: number;
}

const jwks = z.object({ keys: z.array(z.record(z.string(), z.string())) });

export function billingOf(tenant: Tenant, nowMs: () => number): Billing {
  const { endpoint, clientId, clientSecret, issuer, jwksUrl } = tenant.record.baikal;
  const audience = `${endpoint}/`;
  const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`;
  const refused: string[] = [];
  let shown = 0;
  let signed: Signed[] = [];

  const sign = async ({ kid, privateKey }: SigningKey, named: boolean): Promise<Signed> => {
    const atMs = nowMs();
    const seconds = Math.floor(atMs / 1_000);
    const token = await new SignJWT({ active: true, scope: "openid", purpose: "", jti: randomUUID() })
      // The vendor's Python SDK names no key.
      .setProtectedHeader({ alg: "ES256", typ: "JWT", ...(named ? { kid } : {}) })
      .setSubject("probe")
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt(seconds)
      .setExpirationTime(seconds + LIFE_MS / 1_000)
      .sign(await importPKCS8(privateKey, "ES256"));
    return { token, atMs };
  };

  const grant = async ({ token }: Signed) => {
    shown += 1;
    const body = new URLSearchParams({ grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion: token });
    const answer = await fetch(`${endpoint}/token`, { method: "POST", headers: { authorization }, body });
    if (answer.status !== 200) refused.push(`authserver: ${answer.status} ${await answer.text()}`);
    else await answer.arrayBuffer();
  };

  const verifiers = [0, 1].map((number) => {
    let kept: { readonly document: JSONWebKeySet; readonly atMs: number } | undefined;
    return async ({ token }: Signed) => {
      shown += 1;
      // Each fills its cache at another time, and asks for nothing before it has run out.
      if (kept === undefined || nowMs() - kept.atMs >= CACHE_MS) {
        const document = jwks.parse(await (await fetch(jwksUrl)).json());
        kept = { document, atMs: nowMs() - (kept === undefined ? number * (CACHE_MS / 2) : 0) };
      }
      try {
        await verified(token, kept.document, nowMs());
      } catch (error) {
        refused.push(`verifier ${number}: ${String(error)}`);
      }
    };
  });

  let turn = 0;
  return {
    async present(keys) {
      turn += 1;
      const living = signed.filter(({ atMs }) => nowMs() - atMs < LIFE_MS - 60_000);
      const fresh = await Promise.all(keys.map((key) => sign(key, turn % 2 === 0)));
      // The oldest that lives, and one from between.
      const again = [living[0], living[Math.floor(living.length / 2)]].filter((token) => token !== undefined);
      for (const token of [...fresh, ...new Set(again)]) {
        await grant(token);
        for (const verify of verifiers) await verify(token);
      }
      signed = [...living, ...fresh];
    },
    shown: () => shown,
    refused: () => refused,
  };
}

/** By any key that the header fits, as an assertion without `kid` needs it. */
async function verified(token: string, document: JSONWebKeySet, nowMs: number): Promise<void> {
  const options = { currentDate: new Date(nowMs) };
  try {
    await jwtVerify(token, createLocalJWKSet(document), options);
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    for await (const key of error) {
      if (
        await jwtVerify(token, key, options).then(
          () => true,
          () => false,
        )
      )
        return;
    }
    throw new Error(`no key of the document verifies ${JSON.stringify(decodeProtectedHeader(token))}`);
  }
}
