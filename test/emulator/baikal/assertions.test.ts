import { generateKeyPairSync, sign } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { JWK } from "jose";
import { expect, onTestFinished, test } from "vitest";
import { type Assertion, baikalTenant, clientKey, JWT_BEARER } from "./_setup.js";

const trusted = await clientKey();
const other = await clientKey();

test.each<[string, Omit<Assertion, "key">, RegExp]>([
  ["another server's issuer as audience", { claims: { aud: "https://elsewhere.example/" } }, /^wrong audience: /],
  ["another issuer", { claims: { iss: "https://elsewhere.example/" } }, /^wrong issuer: /],
  ["an identifier that is none", { claims: { identifier: "ada" } }, /^malformed: .*identifier/],
  ["no user", { claims: { sub: "" } }, /^malformed: .*sub: must not be empty/],
  ["a user that isn't active", { claims: { active: false } }, /^malformed: .*active: must be true/],
  ["no purpose", { claims: { purpose: undefined } }, /^malformed: .*purpose/],
])("an assertion with %s is rejected, and the answer says why", async (_what, assertion, description) => {
  const { publish, grant, counts } = await baikalTenant();
  await publish([trusted.jwk]);
  expect(await grant({ key: trusted, ...assertion })).toMatchObject({
    status: 400,
    body: { error: "invalid_grant", error_description: expect.stringMatching(description) },
  });
  const [reason = ""] = String(description).slice(2).split(":");
  expect(counts()).toMatchObject({ assertions: { accepted: 0, rejected: 1 }, rejections: { [reason]: 1 } });
});

test("the audience is the issuer verbatim: without its slash it is another", async () => {
  const { baikal, publish, grant } = await baikalTenant();
  await publish([trusted.jwk]);
  const answer = await grant({ key: trusted, claims: { aud: baikal.endpoint } });
  expect(answer.body).toMatchObject({ error_description: expect.stringMatching(/^wrong audience/) });
});

test.each([
  ["in its last second", 3_599, 0, undefined],
  ["when it has ended", 3_600, 0, "expired"],
  ["within the tolerance of the future", 0, 60, undefined],
  ["beyond it", 0, 61, "not yet valid"],
])("an assertion that comes %s is judged by the tenant's clock", async (_what, age, ahead, reason) => {
  const { publish, token, tenant, assertionOf, nowSeconds } = await baikalTenant();
  tenant.setClock({ now: "2029-01-01T00:00:00Z" });
  await publish([trusted.jwk]);
  const iat = nowSeconds() + ahead;
  const assertion = await assertionOf({ key: trusted, claims: { iat, exp: iat + 3_600 } });
  tenant.setClock({ advanceMs: age * 1_000 });
  const answer = await token({ grant_type: JWT_BEARER, assertion });
  if (reason === undefined) expect(answer.status).toBe(200);
  else expect(answer.body).toMatchObject({ error_description: expect.stringMatching(`^${reason}: `) });
});

test("an assertion for longer than an hour is rejected", async () => {
  const { publish, grant, nowSeconds } = await baikalTenant();
  await publish([trusted.jwk]);
  const answer = await grant({ key: trusted, claims: { exp: nowSeconds() + 86_400 } });
  expect(answer.body).toMatchObject({ error_description: expect.stringMatching(/^life too long: /) });
});

test("a key that isn't published is unknown by its kid, and verifies nothing without one", async () => {
  const { publish, grant, counts } = await baikalTenant();
  await publish([trusted.jwk]);
  expect((await grant({ key: other })).body).toMatchObject({
    error_description: expect.stringMatching(/^unknown key: /),
  });
  for (const kid of [false, trusted.kid] as const)
    expect((await grant({ key: other, kid })).body).toMatchObject({
      error_description: expect.stringMatching(/^bad signature: /),
    });
  expect(counts().rejections).toEqual({ "unknown key": 1, "bad signature": 2 });
});

test("a key published too late is unknown until the cached JWKS is out of date on the tenant's clock", async () => {
  const { tenant, publish, grant } = await baikalTenant({ baikal: { jwksCacheSeconds: 900 } });
  await publish([trusted.jwk]);
  expect((await grant({ key: trusted })).status).toBe(200);
  await publish([trusted.jwk, other.jwk]);
  tenant.setClock({ advanceMs: 899_999 });
  expect((await grant({ key: other })).status).toBe(400);
  expect((await grant({ key: trusted })).status).toBe(200);
  tenant.setClock({ advanceMs: 1 });
  expect((await grant({ key: other })).status).toBe(200);
  const fetched = tenant.journal().filter(({ service, method }) => service === "jwks-bucket" && method === "GET");
  expect(fetched).toHaveLength(2);
});

test("a key that was taken away is believed until then too", async () => {
  const { tenant, publish, grant } = await baikalTenant();
  await publish([trusted.jwk, other.jwk]);
  expect((await grant({ key: trusted })).status).toBe(200);
  await publish([other.jwk]);
  expect((await grant({ key: trusted })).status).toBe(200);
  tenant.setClock({ advanceMs: 900_000 });
  expect((await grant({ key: trusted })).status).toBe(400);
});

test("a reset forgets what was fetched and what was counted", async () => {
  const { tenant, publish, grant, counts } = await baikalTenant();
  await publish([trusted.jwk]);
  await grant({ key: trusted });
  await tenant.reset();
  expect(counts()).toMatchObject({ assertions: { accepted: 0, rejected: 0 } });
  expect((await grant({ key: trusted })).body).toMatchObject({
    error_description: expect.stringMatching(/^JWKS unreachable: .* answered 404$/),
  });
});

test("a JWKS that can't be fetched rejects the assertion and is asked for again by the next", async () => {
  const { tenant, publish, grant, counts } = await baikalTenant();
  await publish([trusted.jwk]);
  tenant.addFault({ service: "jwks-bucket", method: "GET", status: 503 });
  tenant.addFault({ service: "jwks-bucket", method: "GET", reset: true });
  tenant.addFault({ service: "jwks-bucket", method: "GET", corrupt: "truncate", when: "after" });
  for (const reason of ["JWKS unreachable", "JWKS unreachable", "JWKS unusable"])
    expect((await grant({ key: trusted })).body).toMatchObject({
      error: "invalid_grant",
      error_description: expect.stringMatching(`^${reason}: `),
    });
  expect((await grant({ key: trusted })).status).toBe(200);
  expect(counts().rejections).toEqual({ "JWKS unreachable": 2, "JWKS unusable": 1 });
});

test.each<[string, JWK]>([
  ["a private key", { ...trusted.jwk, d: "AAAA" }],
  ["a shared secret", { kty: "oct", k: "AAAA" }],
  ["no type", { kid: "x" }],
])("a JWKS that holds a key with %s is unusable as a whole", async (_what, jwk) => {
  const { publish, grant, counts } = await baikalTenant();
  await publish([trusted.jwk, jwk]);
  expect((await grant({ key: trusted })).status).toBe(400);
  expect(counts().rejections).toEqual({ "JWKS unusable": 1 });
});

test("assertions that come together cause one fetch", async () => {
  const { tenant, publish, grant } = await baikalTenant();
  await publish([trusted.jwk]);
  const answers = await Promise.all(Array.from({ length: 8 }, () => grant({ key: trusted })));
  expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
  expect(tenant.journal().filter(({ service, method }) => service === "jwks-bucket" && method === "GET")).toHaveLength(
    1,
  );
});

test("where nothing is to be cached, no assertion is judged by what was fetched for an earlier one", async () => {
  const held: ServerResponse[] = [];
  let asked: () => void = () => undefined;
  const theirs = createServer((_request, response) => {
    held.push(response);
    asked();
  });
  await new Promise<void>((resolve) => theirs.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void theirs.close());
  const address = theirs.address();
  const jwksUrl = `http://127.0.0.1:${isPort(address) ? address.port : 0}/`;
  const { grant } = await baikalTenant({ baikal: { jwksUrl, jwksCacheSeconds: 0 } });
  const next = () => new Promise<void>((resolve) => (asked = resolve));
  const [first, firstAsked] = [grant({ key: trusted }), next()];
  await firstAsked;
  const [second, secondAsked] = [grant({ key: other }), next()];
  await secondAsked;
  // The second was sent after its key was published; the answer to the first may be older.
  for (const [index, jwk] of [trusted.jwk, other.jwk].entries()) held[index]?.end(JSON.stringify({ keys: [jwk] }));
  expect([(await first).status, (await second).status]).toEqual([200, 200]);
});

test("an extension that must be understood and isn't is malformed, not a signature that fails", async () => {
  const { publish, token, assertionOf } = await baikalTenant();
  await publish([trusted.jwk]);
  const [, claims = ""] = (await assertionOf({ key: trusted })).split(".");
  const header = Buffer.from('{"alg":"ES256","crit":["odd"],"odd":1}').toString("base64url");
  const answer = await token({ grant_type: JWT_BEARER, assertion: `${header}.${claims}.AAAA` });
  expect(answer.body).toMatchObject({ error_description: expect.stringMatching(/^malformed: .*crit/) });
});

test("each client's keys come from its own URL, and none signs for another", async () => {
  const theirs = createServer((_request, response) => response.end(JSON.stringify({ keys: [other.jwk] })));
  await new Promise<void>((resolve) => theirs.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void theirs.close());
  const address = theirs.address();
  const port = isPort(address) ? address.port : 0;
  const client = {
    clientId: "shop",
    clientSecret: "s",
    issuer: "https://shop.example",
    jwksUrl: `http://127.0.0.1:${port}/`,
  };
  const { publish, grant } = await baikalTenant({ baikal: { clients: [client] } });
  await publish([trusted.jwk]);
  const authorization = `Basic ${Buffer.from("shop:s").toString("base64")}`;
  const claims = { iss: client.issuer };
  expect((await grant({ key: other, claims }, { authorization })).status).toBe(200);
  expect((await grant({ key: trusted, claims }, { authorization })).status).toBe(400);
  expect((await grant({ key: trusted }, { authorization })).status).toBe(400);
  expect((await grant({ key: other })).status).toBe(400);
  expect((await grant({ key: trusted })).status).toBe(200);
});

test("the demonstration client's JWKS is fetched where the option says", async () => {
  const { baikal, tenant, grant } = await baikalTenant({ baikal: { jwksUrl: "http://127.0.0.1:9/keys.json" } });
  expect(baikal.jwksUrl).toBe("http://127.0.0.1:9/keys.json");
  expect((await grant({ key: trusted })).body).toMatchObject({
    error_description: "JWKS unreachable: http://127.0.0.1:9/keys.json can't be fetched",
  });
  expect(tenant.journal()).toHaveLength(1);
});

test("an RSA key of 1024 bits is too weak, however well it signs", async () => {
  const { publish, token, assertionOf, counts } = await baikalTenant();
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
  await publish([publicKey.export({ format: "jwk" })]);
  // jose itself signs with no such key; only its claims are needed here.
  const [, claims] = (await assertionOf({ key: trusted })).split(".");
  const signed = `${Buffer.from('{"alg":"RS256","typ":"JWT"}').toString("base64url")}.${claims}`;
  const assertion = `${signed}.${sign("sha256", Buffer.from(signed), privateKey).toString("base64url")}`;
  const answer = await token({ grant_type: JWT_BEARER, assertion });
  expect(answer.body).toMatchObject({ error_description: "weak key: the key has fewer than 2048 bits" });
  expect(counts().rejections).toEqual({ "weak key": 1 });
});

test("what isn't a JWT at all is malformed, and none of it is repeated anywhere", async () => {
  const { tenant, baikal, token } = await baikalTenant();
  const canary = "canary-assertion";
  for (const assertion of [canary, `${canary}.${canary}.${canary}`, "e30.e30."]) {
    const answer = await token({ grant_type: JWT_BEARER, assertion });
    expect(answer).toMatchObject({ status: 400, body: { error_description: expect.stringMatching(/^malformed: /) } });
    const seen = JSON.stringify([answer.body, tenant.journal(), tenant.state()]);
    expect(seen).not.toContain(canary);
    expect(seen).not.toContain(baikal.clientSecret);
  }
});

function isPort(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === "object" && address !== null;
}
