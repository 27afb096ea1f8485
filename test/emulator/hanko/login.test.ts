import { createHash } from "node:crypto";
import fc from "fast-check";
import { createLocalJWKSet, createRemoteJWKSet, jwtVerify } from "jose";
import { expect, test } from "vitest";
import { z } from "zod";
import { canonicalJson } from "../../../emulator/hanko/passkey/canonical-json.js";
import { temporaryFolder, tenantFor } from "../_setup.js";
import { callsOf, claimsOf, hankoTenant, passkey, send, tokenOf } from "./_setup.js";

const unauthorized = { status: 401, body: { title: expect.any(String), details: expect.any(String), status: 401 } };

test("a token is RS256 for five minutes, for the relying party, of the user and the credential, under the JWKS", async () => {
  const { register, signIn, base, clock, call } = await hankoTenant();
  const made = await register("Ада");
  const token = tokenOf(await signIn(made));
  const jwks = createRemoteJWKSet(new URL(`${base}/.well-known/jwks.json`));
  const { payload, protectedHeader } = await jwtVerify(token, jwks, {
    currentDate: new Date(clock.ms),
    audience: "localhost",
  });
  const iat = Math.floor(clock.ms / 1000);
  expect(payload).toEqual({ sub: "Ада", aud: ["localhost"], cred: made.id, iat, exp: iat + 300 });
  const keys = await call("GET", "/.well-known/jwks.json", undefined, { apikey: "" });
  expect(keys).toMatchObject({
    status: 200,
    body: { keys: [{ kty: "RSA", alg: "RS256", use: "sig", kid: protectedHeader.kid }] },
  });
  expect(keys.headers.get("cache-control")).toBe("max-age=600");
  expect(keys.text).not.toMatch(/"(d|p|q|dp|dq|qi)":/);
});

test("a token of another tenant isn't good here", async () => {
  const [one, other] = [await hankoTenant(), await hankoTenant()];
  const token = tokenOf((await other.register("ada")).answer);
  const jwks = z
    .object({ keys: z.array(z.object({ kty: z.string() })) })
    .parse((await one.call("GET", "/.well-known/jwks.json")).body);
  await expect(jwtVerify(token, createLocalJWKSet(jwks), { currentDate: new Date(one.clock.ms) })).rejects.toThrow();
});

test("a discoverable login needs no key and never expires; one for a user needs the key and expires", async () => {
  const { register, clock, base, call, hanko } = await hankoTenant();
  const made = await register("ada");
  const open = (json: unknown, headers = {}) => send(`${base}/login/initialize`, "POST", headers, json);
  const discoverable = await open({});
  expect(discoverable.body).toEqual({
    publicKey: { challenge: expect.any(String), timeout: 60_000, rpId: "localhost", userVerification: "preferred" },
  });
  expect(await open({ user_id: "ada" })).toMatchObject({ status: 401, body: { title: "The api key is invalid" } });
  const named = await open({ user_id: "ada" }, { apikey: hanko.passkey.apiKey });
  expect(named.body).toMatchObject({ publicKey: { allowCredentials: [{ type: "public-key", id: made.id }] } });
  clock.ms += 60_001;
  expect(await call("POST", "/login/finalize", made.get(named.body))).toMatchObject(unauthorized);
  clock.ms += 365 * 86_400_000;
  expect((await call("POST", "/login/finalize", made.get(discoverable.body))).status).toBe(200);
});

test("an unknown user is 404; one without credentials is 500 at a login and 400 at a transaction", async () => {
  const { register, call, beginTransaction } = await hankoTenant();
  const login = () => call("POST", "/login/initialize", { user_id: "ada" });
  expect((await login()).status).toBe(404);
  expect((await beginTransaction("ada", "t", {})).status).toBe(404);
  const { id } = await register("ada");
  expect((await login()).status).toBe(200);
  await call("DELETE", `/credentials/${id}`);
  expect((await login()).status).toBe(500);
  expect((await beginTransaction("ada", "t", {})).status).toBe(400);
});

test("the handle tells who it is at a discoverable login, and isn't looked at where the user was given", async () => {
  const { register, call } = await hankoTenant();
  const [ada] = [await register("ada"), await register("eve")];
  const eve = Buffer.from("eve").toString("base64url");
  const finalize = async (json: object, userHandle: string | undefined) => {
    const { response, ...rest } = ada.get((await call("POST", "/login/initialize", json)).body);
    return call("POST", "/login/finalize", { ...rest, response: { ...response, userHandle } });
  };
  for (const userHandle of [eve, undefined, ""]) {
    expect(await finalize({}, userHandle)).toMatchObject(unauthorized);
    const known = await finalize({ user_id: "ada" }, userHandle);
    expect(known.status).toBe(200);
    expect(claimsOf(known)).toMatchObject({ sub: "ada", cred: ada.id });
  }
});

test("a user id of 16 bytes registers and never signs in", async () => {
  const { register, signIn } = await hankoTenant();
  const made = await register("sixteen bytes id");
  expect(made.answer.status).toBe(200);
  expect(await signIn(made)).toMatchObject(unauthorized);
  expect(await signIn(made, "sixteen bytes id")).toMatchObject(unauthorized);
});

test("counters are not enforced, and each login tells when and how the credential was used", async () => {
  const { register, call, clock } = await hankoTenant();
  const made = await register("ada", { signCount: 100, backupEligible: true, backedUp: true });
  for (const counter of [101, 5, 5, 0]) {
    clock.ms += 1_000;
    const options = await call("POST", "/login/initialize", {});
    expect((await call("POST", "/login/finalize", made.get(options.body, { counter }))).status).toBe(200);
    expect((await call("GET", `/credentials/${made.id}`)).body).toMatchObject({
      last_used_at: new Date(clock.ms).toISOString(),
      backup_eligible: true,
      backup_state: true,
    });
  }
});

test("a login's challenge is good once, at a login only, and a failure leaves it", async () => {
  const { register, call, begin, beginTransaction, hanko } = await hankoTenant();
  const made = await register("ada");
  const { body } = await call("POST", "/login/initialize", {});
  const finalize = (json: unknown, ceremony = "login") => call("POST", `/${ceremony}/finalize`, json);
  expect(await finalize(made.get(body, { at: "http://localhost:1" }))).toMatchObject(unauthorized);
  expect(await finalize(made.get(body), "transaction")).toMatchObject(unauthorized);
  const both = await Promise.all([finalize(made.get(body)), finalize(made.get(body))]);
  expect(both.map(({ status }) => status).sort()).toEqual([200, 401]);
  expect(await finalize(made.get((await beginTransaction("ada", "t", {})).body))).toMatchObject(unauthorized);
  const other = await passkey(hanko.origin);
  const registration = other.create((await call("POST", "/login/initialize", {}).then(() => begin("ada"))).body);
  expect((await finalize(registration, "registration")).status).toBe(200);
});

test("user verification that is required and missing is 401 at a login and at a transaction", async () => {
  const { register, call, beginTransaction } = await hankoTenant({ userVerification: "required" });
  const made = await register("ada");
  for (const [ceremony, begun] of [
    ["login", await call("POST", "/login/initialize", {})],
    ["transaction", await beginTransaction("ada", "t", {})],
  ] as const) {
    const lax = JSON.parse(begun.text.replace('"required"', '"discouraged"'));
    expect(await call("POST", `/${ceremony}/finalize`, made.get(lax))).toMatchObject(unauthorized);
    expect((await call("POST", `/${ceremony}/finalize`, made.get(begun.body))).status).toBe(200);
  }
});

test("a credential that is deleted while its login is open signs nobody in", async () => {
  const { register, call } = await hankoTenant();
  const made = await register("ada");
  const { body } = await call("POST", "/login/initialize", {});
  await call("DELETE", `/credentials/${made.id}`);
  expect(await call("POST", "/login/finalize", made.get(body))).toMatchObject(unauthorized);
});

test("a transaction signs its id and its data, gives a token with both, and takes its id for good", async () => {
  const { register, call, beginTransaction } = await hankoTenant();
  const made = await register("ada");
  const begun = await beginTransaction("ada", "pay-1", {
    to: "<bob> & co\u2028",
    amount: 1.5,
    again: [null, { b: 1, a: 2 }],
  });
  const { challenge } = z.object({ publicKey: z.object({ challenge: z.string() }) }).parse(begun.body).publicKey;
  const canonical = String.raw`{"again":[null,{"a":2,"b":1}],"amount":1.5,"to":"\u003cbob\u003e \u0026 co\u2028"}`;
  expect(Buffer.from(challenge, "base64url").subarray(32)).toEqual(
    createHash("sha256").update(`pay-1${canonical}`).digest(),
  );
  const { response, ...rest } = made.get(begun.body);
  const finalize = (json: unknown) => call("POST", "/transaction/finalize", json);
  expect(await finalize({ ...rest, response: { ...response, userHandle: undefined } })).toMatchObject(unauthorized);
  const done = await finalize({ ...rest, response });
  expect(claimsOf(done)).toMatchObject({ sub: "ada", cred: made.id, trans: "pay-1" });
  await register("eve");
  for (const user of ["ada", "eve"]) expect((await beginTransaction(user, "pay-1", {})).status).toBe(409);
});

test("a transaction's id is taken at initialize, and its data may be anything but null", async () => {
  const { register, beginTransaction, call } = await hankoTenant();
  await register("ada");
  for (const [index, data] of [{}, "", 0, false, []].entries())
    expect((await beginTransaction("ada", `t${index}`, data)).status).toBe(200);
  expect((await beginTransaction("ada", "t0", {})).status).toBe(409);
  expect((await beginTransaction("ada", "t9", null)).status).toBe(400);
  expect((await call("POST", "/transaction/initialize", { user_id: "ada", transaction_id: "t9" })).status).toBe(400);
  expect((await beginTransaction("ada", "t".repeat(129), {})).status).toBe(400);
});

test("canonical JSON means what it was made of, and is the same whatever the order of the keys", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: "binary" }), fc.string({ unit: "binary" })), (data) => {
      const canonical = canonicalJson(data);
      expect(JSON.parse(canonical)).toEqual(JSON.parse(JSON.stringify(data)));
      expect(canonicalJson(Object.fromEntries(Object.entries(data).reverse()))).toBe(canonical);
      expect(canonical).not.toMatch(/[<>&\u2028\u2029]/);
    }),
  );
  // By bytes: U+FF61 before U+1F642, which UTF-16 has the other way round.
  expect(canonicalJson({ "🙂": 1, "｡": 2 })).toBe('{"｡":2,"🙂":1}');
});

test("no bit of an assertion can be changed", { timeout: 60_000 }, async () => {
  const { register, call } = await hankoTenant();
  const made = await register("ada");
  const assertion = made.get((await call("POST", "/login/initialize", {})).body);
  const parts = ["clientDataJSON", "authenticatorData", "signature", "userHandle"] as const;
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...parts), fc.nat(), fc.nat(7), async (part, at, bit) => {
      const bytes = Buffer.from(assertion.response[part], "base64url");
      const index = at % bytes.length;
      bytes.writeUInt8(bytes.readUInt8(index) ^ (1 << bit), index);
      const changed = { ...assertion.response, [part]: bytes.toString("base64url") };
      const answer = await call("POST", "/login/finalize", { ...assertion, response: changed });
      expect([400, 401]).toContain(answer.status);
    }),
    { numRuns: 300 },
  );
  expect((await call("POST", "/login/finalize", assertion)).status).toBe(200);
});

test("open challenges, users, credentials, taken ids and the token key outlive a restart; a reset takes all but the key", async () => {
  const storeDirectory = await temporaryFolder();
  const { tenant, clock, hanko, ...before } = await hankoTenant(
    { origins: ["http://localhost:1"] },
    { storeDirectory },
  );
  const made = await before.register("ada");
  await before.beginTransaction("ada", "t", {});
  const open = await before.call("POST", "/login/initialize", {});
  const keys = (await before.call("GET", "/.well-known/jwks.json")).body;
  await tenant.close();
  const again = await tenantFor({ clock, storeDirectory, hanko: { origins: ["http://localhost:1"] } });
  const after = callsOf(again.record, clock);
  expect(again.record.hanko.passkey).toMatchObject({ tenantId: hanko.passkey.tenantId, apiKey: hanko.passkey.apiKey });
  expect(again.record.hanko.authentication.apiKeyId).toBe(hanko.authentication.apiKeyId);
  expect((await after.call("POST", "/login/finalize", made.get(open.body))).status).toBe(200);
  expect((await after.beginTransaction("ada", "t", {})).status).toBe(409);
  expect((await after.call("GET", "/.well-known/jwks.json")).body).toEqual(keys);
  await again.reset();
  expect(again.state().hanko).toEqual({ authenticationCredentials: 0, passkeyCredentials: 0 });
  expect((await after.call("POST", "/login/initialize", { user_id: "ada" })).status).toBe(404);
  expect((await after.call("GET", "/.well-known/jwks.json")).body).toEqual(keys);
});
