/** Which access tokens are taken offline and which aren't, and how often the authserver is asked for it. */
import { generateKeyPairSync } from "node:crypto";
import { UnsecuredJWT } from "jose";
import { describe, expect, it } from "vitest";
import { baikalErrorKind } from "../../../providers/clients.js";
import { accessToken, jwkOf, type Made, P256, RSA, refusalOf } from "./_authserver.js";
import { clientOf } from "./_client.js";

const KEYS = "/keys.json?of=server";
const DISCOVERY = "/.well-known/openid-configuration";
const OTHER = generateKeyPairSync("rsa", { modulusLength: 2048 });
const HOUR = 3_600_000;

describe("an access token", () => {
  it("says what was granted, to whom and for how long", async () => {
    const { baikal, server, clock } = await clientOf();
    const token = await accessToken(server.issuer, clock.now());
    expect(await baikal.verifyAccessToken(token)).toMatchObject({
      ...{ sub: "ada", clientId: "billing-id", scope: ["read", "write"], purpose: ["billing"] },
      ...{ audience: ["https://api.example/"], expiresAtMs: clock.now() + 3_599_000, issuedAtMs: clock.now() },
      claims: { jti: "1", active: true },
    });
  });

  it("is taken where it is good for all that is demanded", async () => {
    const { baikal, server, clock } = await clientOf();
    const token = await accessToken(server.issuer, clock.now());
    const demands = { scope: "write read", purpose: ["billing"], audience: "https://api.example/" };
    expect(await baikal.verifyAccessToken(token, demands)).toMatchObject({ sub: "ada" });
    const missing = await refusalOf(baikal.verifyAccessToken(token, { scope: ["read", "delete"], purpose: "fraud" }));
    expect(missing).toMatchObject({ kind: "invalid-token", reason: "scope" });
    expect(missing.message).toContain("scope delete, purpose fraud");
    expect(await refusalOf(baikal.verifyAccessToken(token, { audience: "https://other.example/" }))).toMatchObject({
      reason: "audience",
    });
  });

  it("may have its scopes as a list, or none, and no user", async () => {
    const { baikal, server, clock } = await clientOf();
    const claims = { scope: ["a", "b"], purpose: "", sub: undefined, aud: undefined };
    const token = await accessToken(server.issuer, clock.now(), { claims });
    expect(await baikal.verifyAccessToken(token)).toMatchObject({ scope: ["a", "b"], purpose: [], audience: [] });
  });

  it("runs out by the clock, and as much later as is tolerated", async () => {
    const { baikal, server, clock } = await clientOf();
    const token = await accessToken(server.issuer, clock.now());
    clock.advance(3_598_999);
    expect(await baikal.verifyAccessToken(token)).toMatchObject({ sub: "ada" });
    clock.advance(10_001);
    expect(await refusalOf(baikal.verifyAccessToken(token))).toMatchObject({ reason: "expired" });
    expect(await baikal.verifyAccessToken(token, { clockToleranceMs: 60_000 })).toMatchObject({ sub: "ada" });
  });

  it.each<[string, Made, string]>([
    ["of another issuer", { claims: { iss: "https://other.example/" } }, "issuer"],
    ["without an issuer", { claims: { iss: undefined } }, "issuer"],
    ["that never runs out", { claims: { exp: undefined } }, "claims"],
    ["that isn't good yet", { claims: { nbf: Date.parse("2030-01-01") / 1000 } }, "claims"],
    ["whose scope is no text", { claims: { scope: 7 } }, "claims"],
    ["that says it isn't active", { claims: { active: false } }, "inactive"],
    ["signed with another key", { key: OTHER.privateKey }, "signature"],
    ["of a key that nobody knows", { kid: "other", key: OTHER.privateKey }, "unknown-key"],
    ["signed with a public key as if it were a secret", { alg: "HS256", key: new Uint8Array(32).fill(1) }, "malformed"],
  ])("is refused: one %s", async (_, made, reason) => {
    const { baikal, server, clock } = await clientOf();
    const token = await accessToken(server.issuer, clock.now(), made);
    const error = await refusalOf(baikal.verifyAccessToken(token));
    expect(error).toMatchObject({ code: "ERR_AUTHN_PROOF_FAILED", kind: "invalid-token", reason });
    for (const part of token.split(".")) expect(error.message).not.toContain(part);
  });

  it("is refused where it isn't signed, or is none, or was changed", async () => {
    const { baikal, server, clock } = await clientOf();
    const unsigned = new UnsecuredJWT({ sub: "ada" }).setIssuer(server.issuer).setExpirationTime("5m").encode();
    const [header, , signature] = (await accessToken(server.issuer, clock.now())).split(".");
    const [, payload] = (await accessToken(server.issuer, clock.now(), { claims: { sub: "eve" } })).split(".");
    for (const token of [unsigned, "", "a.b.c", [header, payload, signature].join(".")])
      expect(await refusalOf(baikal.verifyAccessToken(token))).toMatchObject({ kind: "invalid-token" });
  });
});

describe("the server's keys", () => {
  it("may be of several types and without ids, in any order", async () => {
    const { baikal, server, clock } = await clientOf();
    const secp256k1 = { kty: "EC", crv: "secp256k1", x: "AA", y: "AA", kid: "odd" };
    const okp = await jwkOf(generateKeyPairSync("ed25519").publicKey);
    const both = [await jwkOf(P256.publicKey), await jwkOf(OTHER.publicKey), await jwkOf(RSA.publicKey)];
    server.replies.set(KEYS, { body: { keys: [secp256k1, okp, ...both] } });
    const made: Made[] = [{}, { key: OTHER.privateKey }, { alg: "ES256", key: P256.privateKey }];
    for (const one of made) {
      const token = await accessToken(server.issuer, clock.now(), { ...one, kid: undefined });
      expect(await baikal.verifyAccessToken(token)).toMatchObject({ sub: "ada" });
    }
    const stranger = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
    const forged = await accessToken(server.issuer, clock.now(), { key: stranger, kid: undefined });
    expect(await refusalOf(baikal.verifyAccessToken(forged))).toMatchObject({ reason: "signature" });
  });

  it("that can't be used stand in nobody's way, wherever they stand", async () => {
    const { baikal, server, clock } = await clientOf();
    const weak = generateKeyPairSync("rsa", { modulusLength: 1024 });
    const junk = { kty: "RSA", kid: "rsa", n: 5, e: null };
    const sound = await jwkOf(RSA.publicKey, { kid: "rsa" });
    server.replies.set(KEYS, { body: { keys: [junk, await jwkOf(weak.publicKey, { kid: "rsa" }), sound] } });
    for (const kid of ["rsa", undefined]) {
      const token = await accessToken(server.issuer, clock.now(), { kid });
      expect(await baikal.verifyAccessToken(token)).toMatchObject({ sub: "ada" });
      const forged = await accessToken(server.issuer, clock.now(), { kid, key: OTHER.privateKey });
      expect(await refusalOf(baikal.verifyAccessToken(forged))).toMatchObject({ reason: "signature" });
      const late = await accessToken(server.issuer, clock.now() - 2 * HOUR, { kid });
      expect(await refusalOf(baikal.verifyAccessToken(late))).toMatchObject({ reason: "expired" });
    }
  });

  it("are fetched after discovery, once for all calls of 900 s, also for those that come at once", async () => {
    const { baikal, server, clock } = await clientOf();
    const token = await accessToken(server.issuer, clock.now());
    await Promise.all([baikal.verifyAccessToken(token), baikal.clientCredentials(), baikal.discovery()]);
    clock.advance(899_999);
    await baikal.verifyAccessToken(token);
    const fetched = () => server.requests.filter(({ method }) => method === "GET").map(({ path }) => path);
    expect(fetched()).toEqual([DISCOVERY, KEYS]);
    clock.advance(1);
    await baikal.verifyAccessToken(token);
    expect(fetched()).toEqual([DISCOVERY, KEYS, DISCOVERY, KEYS]);
  });

  it("are fetched anew for a key that isn't among them, but not by every forged token", async () => {
    const { baikal, server, clock } = await clientOf();
    await baikal.discovery();
    const young = await jwkOf(OTHER.publicKey, { kid: "young" });
    server.replies.set(KEYS, { body: { keys: [await jwkOf(RSA.publicKey, { kid: "rsa" }), young] } });
    const token = await accessToken(server.issuer, clock.now(), { kid: "young", key: OTHER.privateKey });
    const forged = await accessToken(server.issuer, clock.now(), { kid: "forged", key: OTHER.privateKey });
    expect(await refusalOf(baikal.verifyAccessToken(token))).toMatchObject({ reason: "unknown-key" });
    expect(server.sent(KEYS)).toHaveLength(1);
    clock.advance(30_000);
    expect(await baikal.verifyAccessToken(token)).toMatchObject({ sub: "ada" });
    for (let times = 0; times < 3; times += 1)
      expect(await refusalOf(baikal.verifyAccessToken(forged))).toMatchObject({ reason: "unknown-key" });
    expect(server.sent(KEYS)).toHaveLength(2);
  });

  it("are used on for an hour where they can't be fetched anew, which is told, and then no longer", async () => {
    const { baikal, server, clock, warnings } = await clientOf();
    const token = await accessToken(server.issuer, clock.now(), { claims: { exp: clock.now() / 1000 + 10 * HOUR } });
    await baikal.discovery();
    const sound = server.replies.get(DISCOVERY);
    server.replies.set(DISCOVERY, { status: 500, body: "out of order" });
    clock.advance(900_000);
    await Promise.all([baikal.verifyAccessToken(token), baikal.clientCredentials()]);
    await baikal.clientCredentials();
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain("out of order");
    expect(server.sent(DISCOVERY)).toHaveLength(2);
    clock.advance(HOUR - 1);
    await baikal.verifyAccessToken(token);
    clock.advance(1);
    expect((await refusalOf(baikal.verifyAccessToken(token))).message).toContain("out of order");
    if (sound !== undefined) server.replies.set(DISCOVERY, sound);
    expect(await baikal.verifyAccessToken(token)).toMatchObject({ sub: "ada" });
  });

  it("that can't be fetched for a key nobody knows leave the token unjudged, which is no fault of the token's", async () => {
    const { baikal, server, clock } = await clientOf();
    await baikal.discovery();
    server.replies.set(DISCOVERY, { status: 500, body: "out of order" });
    clock.advance(30_000);
    const token = await accessToken(server.issuer, clock.now(), { kid: "young", key: OTHER.privateKey });
    expect(baikalErrorKind(await refusalOf(baikal.verifyAccessToken(token)))).toBe("invalid-answer");
    expect(await refusalOf(baikal.verifyAccessToken(token))).toMatchObject({ reason: "unknown-key" });
  });

  it("are fetched anew where the clock was set back", async () => {
    const { baikal, server, clock } = await clientOf();
    await baikal.discovery();
    clock.advance(-HOUR);
    await baikal.discovery();
    expect(server.sent(KEYS)).toHaveLength(2);
  });
});
