import { createHash, createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { z } from "zod";
import { signatureOf } from "../../../emulator/hanko/authentication/signature.js";
import { authorization, hankoTenant, passkey, send } from "./_setup.js";

const refusal = (status: number) => ({
  status,
  body: {
    message: expect.any(String),
    details: expect.any(String),
    debug_message: expect.any(String),
    status_text: expect.any(String),
    status_code: status,
  },
});

test.each([
  ["GET", "/v1/webauthn/credentials", "", "4b8454b3a5431d9efad410ca53cc529d3d9f67ead457973a47b5668aaf1cb4bc"],
  [
    "PUT",
    "/v1/webauthn/credentials/r-rmve-IpphRRb2cEZ4Id0pYwzk",
    '{"name":"MySecurityKey"}',
    "9a361633ac968d2b29e96fef8ab423f1d3606e5186cc52651eca1cbd62c76ff2",
  ],
])("the signature of %s %s is the official SDKs'", (method, path, body, expected) => {
  const key = { apiKeyId: "11111111-2222-4333-8444-555555555555", apiSecret: "test-secret" };
  const proof = { time: "1622505600", nonce: "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee" };
  expect(signatureOf({ method, path, body: Buffer.from(body) }, proof, key)).toBe(expected);
});

test.each<[string, Record<string, unknown>]>([
  ["another secret", { apiSecret: "wrong" }],
  ["another key id", { apiKeyId: "11111111-2222-4333-8444-555555555555" }],
  ["another path", { path: "/v1/webauthn/credentials/x" }],
  ["another method", { method: "DELETE" }],
  ["another body", { body: "{}" }],
  ["a time in milliseconds", { time: "1767323045000" }],
  ["a nonce that is no UUID v4", { nonce: "1" }],
])("a signature with %s is 401", async (_what, parts) => {
  const { signed } = await hankoTenant();
  expect((await signed("GET", "/credentials")).status).toBe(200);
  expect(await signed("GET", "/credentials", undefined, parts)).toMatchObject(refusal(401));
});

test("a signature is good for five minutes either way, and its nonce once for as long as its time is good", async () => {
  const { signed, clock } = await hankoTenant();
  const at = async (offsetMs: number) =>
    (await signed("GET", "/credentials", undefined, { nowMs: clock.ms + offsetMs })).status;
  for (const offsetMs of [0, 300_000, -300_000]) expect(await at(offsetMs)).toBe(200);
  for (const offsetMs of [301_000, -301_000]) expect(await at(offsetMs)).toBe(401);
  const once = { nonce: "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee", nowMs: clock.ms + 300_000 };
  expect((await signed("GET", "/credentials", undefined, once)).status).toBe(200);
  clock.ms += 600_000;
  expect((await signed("GET", "/credentials", undefined, once)).status).toBe(401);
});

test("a nonce isn't used up by a signature that doesn't fit", async () => {
  const { signed } = await hankoTenant();
  const nonce = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";
  expect((await signed("GET", "/credentials", undefined, { nonce, apiSecret: "wrong" })).status).toBe(401);
  expect((await signed("GET", "/credentials", undefined, { nonce })).status).toBe(200);
});

test("the secret alone is enough; no Authorization, or another one, isn't", async () => {
  const { hanko } = await hankoTenant();
  const { url, apiSecret } = hanko.authentication;
  const status = async (headers: Record<string, string>) =>
    (await send(`${url}/v1/webauthn/credentials`, "GET", headers)).status;
  expect(await status({ authorization: `secret ${apiSecret}` })).toBe(200);
  for (const authorization of [
    "",
    `secret ${apiSecret}x`,
    `Bearer ${apiSecret}`,
    apiSecret,
    "hanko !",
    "hanko e30",
    "secret",
  ])
    expect(await status(authorization === "" ? {} : { authorization })).toBe(401);
});

test("whatever the order and spaces of the signature's JSON, a body's last newline, a missing type and a last slash, it is let in", async () => {
  const { hanko, clock } = await hankoTenant();
  const { url, apiKeyId, apiSecret } = hanko.authentication;
  const [nonce, time] = ["aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee", String(clock.ms / 1000)];
  const [path, body] = ["/v1/webauthn/authentication/initialize", "{}\n"];
  const hash = createHash("sha256").update(body).digest("hex");
  const text = [apiKeyId, time, "POST", path, nonce, hash].join(":");
  const signature = createHmac("sha256", apiSecret).update(text).digest("hex");
  const json = `{ "signature": "${signature}",\n "nonce": "${nonce}", "time": "${time}", "apiKeyId": "${apiKeyId}" }`;
  const headers = { authorization: `hanko ${Buffer.from(json).toString("base64")}` };
  const response = await fetch(`${url}${path}/`, { method: "POST", headers, body: Buffer.from(body) });
  expect(response.status).toBe(200);
});

test("a passkey is registered, shown, renamed, logged in with, signs a transaction, and is deleted", async () => {
  const { tenant, signed, enroll, clock } = await hankoTenant();
  const made = await enroll("ada", { attestation: "packed", attachment: "cross-platform", algorithm: "EdDSA" });
  const createdAt = new Date(clock.ms).toISOString();
  const credential = {
    id: made.id,
    createdAt,
    lastUsed: createdAt,
    name: "",
    userVerification: true,
    isResidentKey: true,
    authenticator: { aaguid: "00000000-0000-0000-0000-000000000000", attachment: "cross-platform" },
    user: { id: "ada" },
  };
  expect(made.answer).toMatchObject({ status: 200, body: { credential } });
  expect(tenant.state().hanko).toEqual({ authenticationCredentials: 1, passkeyCredentials: 0 });
  const path = `/credentials/${made.id}`;
  expect((await signed("PUT", path, { name: "Key" })).body).toEqual({ ...credential, name: "Key" });
  expect((await signed("GET", path)).body).toEqual({ ...credential, name: "Key" });
  clock.ms += 60_000;
  const lastUsed = new Date(clock.ms).toISOString();
  for (const user of [undefined, { id: "ada" }, { id: "" }, { id: null }]) {
    const { body } = await signed("POST", "/authentication/initialize", { user });
    const answer = await signed("POST", "/authentication/finalize", made.get(body));
    expect(answer).toMatchObject({ status: 200, body: { credential: { id: made.id, lastUsed, name: "Key" } } });
  }
  const begun = await signed("POST", "/transaction/initialize", { user: { id: "ada" }, transaction: "pay 5 €" });
  const { challenge } = z.object({ publicKey: z.object({ challenge: z.string() }) }).parse(begun.body).publicKey;
  expect(Buffer.from(challenge, "base64url").subarray(32)).toEqual(createHash("sha256").update("pay 5 €").digest());
  expect(await signed("POST", "/authentication/finalize", made.get(begun.body))).toMatchObject(refusal(400));
  expect((await signed("POST", "/transaction/finalize", made.get(begun.body))).status).toBe(200);
  expect(await signed("POST", "/transaction/finalize", made.get(begun.body))).toMatchObject(refusal(400));
  expect(await signed("DELETE", path)).toMatchObject({ status: 204, body: undefined });
  for (const [method, json] of [["GET"], ["DELETE"], ["PUT", { name: "x" }]] as const)
    expect(await signed(method, path, json)).toMatchObject(refusal(404));
});

test.each([
  null,
  {},
  { authenticatorSelection: null, attestation: "" },
  { authenticatorSelection: { authenticatorAttachment: "", requireResidentKey: null, userVerification: "" } },
])("options of %j mean the tenant's own", async (options) => {
  const { enroll, signed } = await hankoTenant({ userVerification: "discouraged" });
  expect((await enroll("ada", {}, options)).answer.status).toBe(200);
  const user = { id: "eve", name: "eve", displayName: "" };
  const { body } = await signed("POST", "/registration/initialize", { user, options });
  expect(body).toMatchObject({
    publicKey: {
      user: { id: "ZXZl", name: "eve", displayName: "eve" },
      authenticatorSelection: { residentKey: "required", userVerification: "discouraged" },
      attestation: "none",
    },
  });
  expect((await signed("POST", "/authentication/initialize", {})).status).toBe(200);
});

test("a request's options are asked of the authenticator and enforced, and the user's credentials are excluded", async () => {
  const { signed, enroll, hanko } = await hankoTenant();
  const first = await enroll("ada");
  const options = {
    authenticatorSelection: {
      authenticatorAttachment: "platform",
      requireResidentKey: false,
      userVerification: "required",
    },
    attestation: "direct",
  };
  const user = { id: "ada", name: "ada", displayName: "Ada" };
  const begun = await signed("POST", "/registration/initialize", { user, options });
  expect(begun.body).toMatchObject({
    publicKey: {
      excludeCredentials: [{ type: "public-key", id: first.id }],
      authenticatorSelection: {
        authenticatorAttachment: "platform",
        requireResidentKey: false,
        residentKey: "discouraged",
        userVerification: "required",
      },
      attestation: "direct",
    },
  });
  const lax = JSON.parse(JSON.stringify(begun.body).replace('"required"', '"discouraged"'));
  const made = await passkey(hanko.origin);
  expect(await signed("POST", "/registration/finalize", made.create(lax))).toMatchObject(refusal(400));
  const { clientExtensionResults, ...response } = made.create(begun.body);
  const answer = await signed("POST", "/registration/finalize", {
    ...response,
    extensions: { credProps: { rk: true } },
  });
  expect(clientExtensionResults).toEqual({});
  expect(answer).toMatchObject({ status: 200, body: { credential: { isResidentKey: true } } });
});

test("lists are in order of creation, ten a page, and 0 and empty mean the defaults", async () => {
  const { signed, enroll } = await hankoTenant();
  const made: string[] = [];
  for (let n = 0; n < 11; n++) made.push((await enroll(n === 3 ? "eve" : "ada")).id);
  const list = async (query: string) =>
    z
      .array(z.object({ id: z.string() }))
      .parse((await signed("GET", `/credentials${query}`)).body)
      .map(({ id }) => id);
  expect(await list("")).toEqual(made.slice(0, 10));
  expect(await list("?user_id=&page=0&page_size=0")).toEqual(made.slice(0, 10));
  expect(await list("?page=2")).toEqual(made.slice(10));
  expect(await list("?page=2&page_size=4")).toEqual(made.slice(4, 8));
  expect(await list("?user_id=eve")).toEqual([made[3]]);
  expect(await list("?page=9")).toEqual([]);
  expect(await signed("GET", "/credentials?page=x")).toMatchObject(refusal(400));
});

test("what is no request is 400, a user without credentials 404, a stranger's credential 404", async () => {
  const { signed, enroll } = await hankoTenant();
  const post = (path: string, json: unknown) => signed("POST", path, json);
  for (const json of [
    {},
    { user: { id: "", name: "a" } },
    { user: { id: "1", name: "a" }, options: { attestation: "x" } },
  ])
    expect(await post("/registration/initialize", json)).toMatchObject(refusal(400));
  expect(await post("/transaction/initialize", {})).toMatchObject(refusal(400));
  expect(await post("/registration/finalize", {})).toMatchObject(refusal(400));
  expect(await post("/authentication/initialize", { user: { id: "nobody" } })).toMatchObject(refusal(404));
  expect(await post("/elsewhere", {})).toMatchObject(refusal(404));
  const [ada, eve] = [await enroll("ada"), await enroll("eve")];
  const { body } = await post("/authentication/initialize", {});
  const theirs = { ...ada.get(body), id: eve.id, rawId: eve.id };
  expect(await post("/authentication/finalize", theirs)).toMatchObject(refusal(404));
});

test("refusals repeat neither secret nor signature", async () => {
  const { signed, hanko, tenant } = await hankoTenant();
  const { apiKeyId, apiSecret, url } = hanko.authentication;
  const parts = { apiKeyId, apiSecret: "canary", method: "GET", path: "/v1/webauthn/credentials", body: "", nowMs: 0 };
  const answer = await send(`${url}${parts.path}`, "GET", { authorization: authorization(parts) });
  const other = await signed("GET", "/credentials/canary", undefined, { apiSecret: "x" });
  const seen = JSON.stringify([answer.body, other.body, tenant.journal()]);
  for (const secret of [apiSecret, "canary"]) expect(seen).not.toContain(secret);
});
