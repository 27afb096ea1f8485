// Who takes part in a rotation beside the stack: a client that signs with the key it was given, the authserver that it asks, and a
// verifier that keeps the document it fetched for as long as it may. Tokens by `jose`, and nothing of this package.
import { createLocalJWKSet, importPKCS8, jwtVerify, SignJWT } from "jose";

const CACHE_MS = 15 * 60_000;
const LIFE_MS = 60 * 60_000;
const GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/**
 * @param {{ record: import("../../dist/emulator/testing.js").TenantRecord }} tenant
 * @param {() => number} nowMs the tenant's clock
 */
export function openParties({ record }, nowMs) {
  const { endpoint, clientId, clientSecret, issuer, jwksUrl } = record.baikal;
  const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`;
  const counts = { requests: 0, rejected: 0 };
  let signing;
  let signed = [];
  let kept;

  const sign = async () => {
    const seconds = Math.floor(nowMs() / 1_000);
    const token = await new SignJWT({ active: true, scope: "openid", purpose: "" })
      .setProtectedHeader({ alg: "ES256", typ: "JWT", kid: signing.kid })
      .setSubject("ada")
      .setIssuer(issuer)
      .setAudience(`${endpoint}/`)
      .setIssuedAt(seconds)
      .setExpirationTime(seconds + LIFE_MS / 1_000)
      .sign(await importPKCS8(signing.privateKey, "ES256"));
    return { token, kid: signing.kid, atMs: nowMs() };
  };
  const authserver = async (token) => {
    const body = new URLSearchParams({ grant_type: GRANT, assertion: token });
    const answer = await fetch(`${endpoint}/token`, { method: "POST", headers: { authorization }, body });
    await answer.arrayBuffer();
    return answer.status === 200;
  };
  const verifier = async (token) => {
    if (kept === undefined || nowMs() - kept.atMs >= CACHE_MS)
      kept = { keys: createLocalJWKSet(await (await fetch(jwksUrl)).json()), atMs: nowMs() };
    return jwtVerify(token, kept.keys, { currentDate: new Date(nowMs()) }).then(
      () => true,
      () => false,
    );
  };

  return {
    counts,
    deploy({ kid, privateKey }) {
      signing = { kid, privateKey };
    },
    /** What was signed with a stolen key is to be refused, so nobody shows it again. */
    forget(kid) {
      signed = signed.filter((one) => one.kid !== kid);
    },
    /** A new token, and the oldest that lives, shown to both. */
    async request() {
      signed = [...signed.filter(({ atMs }) => nowMs() - atMs < LIFE_MS - 60_000), await sign()];
      for (const { token } of new Set([signed.at(-1), signed[0]])) {
        for (const show of [authserver, verifier]) {
          counts.requests += 1;
          if (!(await show(token))) counts.rejected += 1;
        }
      }
    },
  };
}
