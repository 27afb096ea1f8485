/** What a ring of two keys asks of a bucket and an authserver at the least, without code of this package (contracts/baikal.md). */
import { randomUUID } from "node:crypto";
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from "jose";
import { z } from "zod";

/** @typedef {Awaited<ReturnType<typeof newKey>>} Key */

const ALGORITHM = "ES256";
const discoverySchema = z.object({ issuer: z.string(), token_endpoint: z.string() });

/** @param {import("./index.mjs").PlainJob} job @returns {import("./index.mjs").PlainRequests} */
export function ringRequests({ settings, secrets, request, nowMs }) {
  const authorization = `Bearer ${secrets["baikal:publishToken"]}`;
  const client = `${settings["baikal:clientId"]}:${secrets["baikal:clientSecret"]}`;
  const basic = `Basic ${Buffer.from(client).toString("base64")}`;
  /** @param {string} username */
  const documentOf = (username) => `${settings["baikal:publishUrl"]}/${username}.json`;
  /** The one that signs first, the standby next. @type {Map<string, readonly Key[]>} */
  const rings = new Map();
  /** @type {Promise<z.infer<typeof discoverySchema>> | undefined} */
  let discovered;
  const discover = async () => {
    const text = await request("GET", `${settings["baikal:endpoint"]}/.well-known/openid-configuration`);
    return discoverySchema.parse(JSON.parse(text));
  };

  /** @param {string} username @param {readonly Key[]} keys */
  const publish = async (username, keys) => {
    const headers = { authorization, "content-type": "application/jwk-set+json" };
    const body = JSON.stringify({ keys: keys.map(({ jwk }) => jwk) });
    await request("PUT", documentOf(username), { headers, body });
    rings.set(username, keys);
  };

  /** @param {string} username @param {Key} key */
  const prove = async (username, { kid, privateKey }) => {
    const live = await request("GET", documentOf(username));
    if (!live.includes(kid)) throw new Error(`${username}'s document doesn't have the key`);
    discovered ??= discover();
    const { issuer: audience, token_endpoint: tokenEndpoint } = await discovered;
    const issuedAt = Math.floor(nowMs() / 1_000);
    const assertion = await new SignJWT({ sub: username, active: true, scope: "", purpose: "" })
      .setProtectedHeader({ alg: ALGORITHM, typ: "JWT", kid })
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + 3_600)
      .setIssuer(settings["baikal:issuer"] ?? "")
      .setAudience(audience)
      .sign(privateKey);
    const form = { grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion };
    const headers = {
      authorization: basic,
      "content-type": "application/x-www-form-urlencoded",
      "x-correlator": `authn-proof/${randomUUID()}`,
    };
    await request("POST", tokenEndpoint, { headers, body: new URLSearchParams(form).toString() });
  };

  return {
    async create(username) {
      const [active, standby] = [await newKey(), await newKey()];
      await publish(username, [active, standby]);
      await prove(username, active);
    },
    async refresh(username) {
      const live = await request("GET", documentOf(username));
      const keys = rings.get(username) ?? [];
      if (keys.length === 0 || keys.some(({ kid }) => !live.includes(kid))) throw new Error(`${username} has no ring`);
    },
    async dueStep(username) {
      const [active, standby] = rings.get(username) ?? [];
      if (active === undefined || standby === undefined) throw new Error(`${username} has no ring`);
      await prove(username, standby);
      await publish(username, [standby, await newKey(), active]);
    },
    async destroy(username) {
      await request("DELETE", documentOf(username), { headers: { authorization } });
      rings.delete(username);
    },
  };
}

async function newKey() {
  const { publicKey, privateKey } = await generateKeyPair(ALGORITHM);
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  return { kid, privateKey, jwk: { alg: ALGORITHM, ...jwk, kid, use: "sig" } };
}
