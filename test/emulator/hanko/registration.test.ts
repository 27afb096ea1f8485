import { createHash } from "node:crypto";
import { decode, encode } from "cborg";
import fc from "fast-check";
import { expect, test } from "vitest";
import { hankoTenant, passkey, send } from "./_setup.js";

const algorithms = ["ES256", "ES384", "ES512", "EdDSA", "RS256", "RS384", "RS512", "PS256"] as const;

test.each(algorithms)(
  "a %s passkey registers with either attestation and signs in, known and discovered",
  async (algorithm) => {
    const { tenant, register, signIn } = await hankoTenant();
    for (const attestation of ["none", "packed"] as const) {
      const made = await register("ada", { algorithm, attestation });
      expect(made.answer).toMatchObject({ status: 200, body: { token: expect.any(String) } });
      expect((await signIn(made)).status).toBe(200);
      expect((await signIn(made, "ada")).status).toBe(200);
    }
    expect(tenant.state().hanko).toEqual({ authenticationCredentials: 0, passkeyCredentials: 2 });
  },
);

test("an initialize answers what a browser needs: relying party, user, challenge, and the tenant's wishes", async () => {
  const { begin, hanko } = await hankoTenant({ rpName: "Acme", userVerification: "required", timeoutMs: 5_000 });
  const { status, headers, body, text } = await begin("Ада", "ada@example.com");
  expect(status).toBe(200);
  expect(headers.get("content-type")).toBe("application/json; charset=UTF-8");
  expect(text.endsWith("}\n")).toBe(true);
  expect(body).toEqual({
    publicKey: {
      rp: { id: "localhost", name: "Acme" },
      user: {
        id: Buffer.from("Ада").toString("base64url"),
        name: "ada@example.com",
        displayName: "ada@example.com",
      },
      challenge: expect.stringMatching(/^[\w-]{43}$/),
      pubKeyCredParams: [-7, -35, -36, -257, -258, -259, -37, -8].map((alg) => ({ type: "public-key", alg })),
      timeout: 5_000,
      authenticatorSelection: { requireResidentKey: true, residentKey: "required", userVerification: "required" },
      attestation: "none",
    },
  });
  expect(hanko.origin).toMatch(/^http:\/\/localhost:\d+$/);
});

test("each initialize overwrites the user's names; a display name that is missing or blank is the username", async () => {
  const { call } = await hankoTenant();
  const names = async (body: object) => {
    const answer = await call("POST", "/registration/initialize", { user_id: "1", ...body });
    expect(answer.status).toBe(200);
    return answer.body;
  };
  const user = (name: string, displayName: string) => ({ publicKey: { user: { name, displayName } } });
  expect(await names({ username: "ada", display_name: "Ada L." })).toMatchObject(user("ada", "Ada L."));
  expect(await names({ username: "eve" })).toMatchObject(user("eve", "eve"));
  expect(await names({ username: "eve", display_name: " " })).toMatchObject(user("eve", "eve"));
  expect(await names({ username: "eve", display_name: null })).toMatchObject(user("eve", "eve"));
});

test("ten first initialisations of one user at a time all succeed, and each of their challenges is good", async () => {
  const { tenant, begin, call, hanko } = await hankoTenant();
  const begun = await Promise.all(Array.from({ length: 10 }, () => begin("ada")));
  expect(begun.map(({ status }) => status)).toEqual(Array(10).fill(200));
  for (const { body } of begun) {
    const made = await passkey(hanko.origin);
    expect((await call("POST", "/registration/finalize", made.create(body))).status).toBe(200);
  }
  expect(tenant.state().hanko.passkeyCredentials).toBe(10);
});

test("a challenge is good for one success: of two requests at once one gets it, and a failure leaves it", async () => {
  const { begin, call, hanko } = await hankoTenant();
  const { body } = await begin("ada");
  const [one, other] = [await passkey(hanko.origin), await passkey(hanko.origin)];
  const elsewhere = await call("POST", "/registration/finalize", one.create(body, { at: "http://localhost:1" }));
  expect(elsewhere).toMatchObject({ status: 400, body: { title: "failed to validate attestation", status: 400 } });
  const both = await Promise.all([one, other].map((made) => call("POST", "/registration/finalize", made.create(body))));
  expect(both.map(({ status }) => status).sort()).toEqual([200, 400]);
  expect(both.find(({ status }) => status === 400)?.body).toEqual({
    title: "received challenge does not match with any stored one",
    details: expect.any(String),
    status: 400,
  });
});

test.each([
  ["preferred", 60_000],
  ["discouraged", 120_000],
] as const)("with user verification %s a challenge stands for %i ms", async (userVerification, lifetimeMs) => {
  const { clock, begin, call, hanko } = await hankoTenant({ userVerification });
  const made = await passkey(hanko.origin);
  const early = await begin("ada");
  clock.ms += lifetimeMs + 1;
  expect(await call("POST", "/registration/finalize", made.create(early.body))).toMatchObject({
    status: 400,
    body: { title: "failed to validate attestation" },
  });
  const late = await begin("ada");
  clock.ms += lifetimeMs;
  expect((await call("POST", "/registration/finalize", made.create(late.body))).status).toBe(200);
});

test("where the tenant requires user verification, a registration without it is 422", async () => {
  const { begin, call, hanko } = await hankoTenant({ userVerification: "required" });
  const { body } = await begin("ada");
  const lax = JSON.parse(
    JSON.stringify(body).replace('"userVerification":"required"', '"userVerification":"discouraged"'),
  );
  const made = await passkey(hanko.origin);
  expect(await call("POST", "/registration/finalize", made.create(lax))).toMatchObject({
    status: 422,
    body: { status: 422 },
  });
  expect((await call("POST", "/registration/finalize", made.create(body))).status).toBe(200);
});

test("an id that exists is an uncaught 500 without details, whoever's it is, and doesn't use up the challenge", async () => {
  const { register, begin, call, hanko } = await hankoTenant();
  const ada = await register("ada");
  const { body } = await begin("eve");
  const twin = await passkey(hanko.origin, { id: ada.id });
  const refused = await call("POST", "/registration/finalize", twin.create(body));
  expect(refused).toMatchObject({ status: 500, text: '{"title":"Internal Server Error","status":500}\n' });
  const other = await passkey(hanko.origin);
  expect((await call("POST", "/registration/finalize", other.create(body))).status).toBe(200);
});

test("what the real server's database refuses is an uncaught 500", async () => {
  const { begin, hanko, tenant, base } = await hankoTenant();
  const uncaught = { status: 500, text: '{"title":"Internal Server Error","status":500}\n' };
  expect(await begin("a".repeat(256), "ada")).toMatchObject(uncaught);
  expect((await begin("🙂".repeat(255), "ada")).status).toBe(200);
  expect(await begin("ada", "a\0")).toMatchObject(uncaught);
  expect(await begin("a\0", "ada")).toMatchObject(uncaught);
  const { body } = await begin("ada");
  const finalize = (json: unknown) => send(`${base}/registration/finalize`, "POST", {}, json);
  const idOf = (bytes: number) => ({ id: Buffer.alloc(bytes, 1).toString("base64url") });
  expect(await finalize((await passkey(hanko.origin, idOf(188))).create(body))).toMatchObject(uncaught);
  const response = (await passkey(hanko.origin, idOf(187))).create(body);
  const withCounter = (counter: number) => {
    const bytes = Buffer.from(response.response.attestationObject, "base64url");
    // Behind the hash of the relying party's id and the flags (WebAuthn L3 §6.1).
    bytes.writeUInt32BE(counter, bytes.indexOf(createHash("sha256").update("localhost").digest()) + 33);
    return { ...response, response: { ...response.response, attestationObject: bytes.toString("base64url") } };
  };
  expect(await finalize(withCounter(2 ** 31))).toMatchObject(uncaught);
  const twice = { ...response.response, transports: ["usb", "usb"] };
  expect(await finalize({ ...response, response: twice })).toMatchObject(uncaught);
  expect(tenant.state().hanko.passkeyCredentials).toBe(0);
  expect((await finalize(withCounter(2 ** 31 - 1))).status).toBe(200);
});

test("ids in the JSON may be missing: the authenticator data count", async () => {
  const { begin, call, hanko, base } = await hankoTenant();
  const made = await passkey(hanko.origin);
  const { id: _id, rawId: _rawId, ...rest } = made.create((await begin("ada")).body);
  expect((await send(`${base}/registration/finalize`, "POST", {}, rest)).status).toBe(200);
  expect((await call("GET", `/credentials/${made.id}`)).status).toBe(200);
});

test("the origin counts, its case and path don't", async () => {
  const { begin, call, hanko } = await hankoTenant();
  const { body } = await begin("ada");
  const at = async (origin: string) => {
    const made = await passkey(hanko.origin);
    const response = made.create(body);
    const client = JSON.parse(Buffer.from(response.response.clientDataJSON, "base64url").toString());
    const clientDataJSON = Buffer.from(JSON.stringify({ ...client, origin })).toString("base64url");
    return (
      await call("POST", "/registration/finalize", { ...response, response: { ...response.response, clientDataJSON } })
    ).status;
  };
  for (const origin of [
    "http://localhost",
    "https://localhost:1",
    "null",
    "",
    "http://evil.example",
    `${hanko.origin}1`,
  ])
    expect(await at(origin)).toBe(400);
  expect(await at(`${hanko.origin.replace("localhost", "LocalHost")}/path`)).toBe(200);
});

test.each([
  [{}, /user_id/],
  [{ user_id: "", username: "ada" }, /user_id: must not be empty/],
  [{ user_id: 7, username: "ada" }, /user_id: must be text/],
  [{ user_id: "1", username: "a".repeat(129) }, /username: must have at most 128/],
  [{ user_id: "1", username: "ada", display_name: "🙂".repeat(129) }, /display_name/],
  [{ user_id: "1", username: "ada", icon: "no URL" }, /icon/],
])("an initialize with %j is refused by the field's name", async (json, details) => {
  const { call } = await hankoTenant();
  const answer = await call("POST", "/registration/initialize", json);
  expect(answer).toMatchObject({ status: 400, body: { details: expect.stringMatching(details), status: 400 } });
});

test("128 characters are 128 code points, and a lone surrogate is U+FFFD as in Go", async () => {
  const { begin } = await hankoTenant();
  expect((await begin("1", "🙂".repeat(128))).status).toBe(200);
  expect((await begin("1", "\ud83d")).body).toMatchObject({ publicKey: { user: { name: "\ufffd" } } });
});

test("a packed statement that names another algorithm than the key's is refused, though its hash is the same", async () => {
  const { begin, call, hanko } = await hankoTenant();
  const made = await passkey(hanko.origin, { attestation: "packed" });
  const response = made.create((await begin("ada")).body);
  const statementWith = (alg: number) => {
    const bytes = Buffer.from(response.response.attestationObject, "base64url");
    const parts: unknown = decode(bytes, { useMaps: true });
    if (!(parts instanceof Map)) throw new Error("An attestation object is a map");
    parts.get("attStmt").set("alg", alg);
    return { ...response.response, attestationObject: Buffer.from(encode(parts)).toString("base64url") };
  };
  const finalize = async (alg: number) =>
    (await call("POST", "/registration/finalize", { ...response, response: statementWith(alg) })).status;
  for (const alg of [-257, -37]) expect(await finalize(alg)).toBe(400);
  expect(await finalize(-7)).toBe(200);
});

test.each([
  ["a signature under another tag than ASN.1's SEQUENCE", "sig", 5, 0x80],
  ["authenticator data that say they are longer than they are", "authData", 9, 0x01],
])("an attestation with %s is refused", async (_what, behind, distance, bits) => {
  const { begin, call, hanko } = await hankoTenant();
  const made = await passkey(hanko.origin, { attestation: "packed" });
  const { response, ...rest } = made.create((await begin("ada")).body);
  const bytes = Buffer.from(response.attestationObject, "base64url");
  const at = bytes.indexOf(behind) + distance;
  bytes.writeUInt8(bytes.readUInt8(at) ^ bits, at);
  const changed = { ...response, attestationObject: bytes.toString("base64url") };
  expect((await call("POST", "/registration/finalize", { ...rest, response: changed })).status).toBe(400);
  expect((await call("POST", "/registration/finalize", { ...rest, response })).status).toBe(200);
});

test.each([[[]], [-1]])(
  "a statement that is %j, and no map, is refused like any other that says nothing",
  async (attStmt) => {
    const { begin, call, hanko } = await hankoTenant();
    const { response, ...rest } = (await passkey(hanko.origin)).create((await begin("ada")).body);
    const parts: unknown = decode(Buffer.from(response.attestationObject, "base64url"), { useMaps: true });
    if (!(parts instanceof Map)) throw new Error("An attestation object is a map");
    const attestationObject = Buffer.from(encode(new Map(parts).set("attStmt", attStmt))).toString("base64url");
    const changed = { ...rest, response: { ...response, attestationObject } };
    expect((await call("POST", "/registration/finalize", changed)).status).toBe(400);
  },
);

test("no bit of a packed attestation can be changed", { timeout: 60_000 }, async () => {
  const { begin, call, hanko } = await hankoTenant();
  const { body } = await begin("ada");
  const made = await passkey(hanko.origin, { attestation: "packed" });
  const response = made.create(body);
  const parts = ["clientDataJSON", "attestationObject"] as const;
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...parts), fc.nat(), fc.nat(7), async (part, at, bit) => {
      const bytes = Buffer.from(response.response[part], "base64url");
      const index = at % bytes.length;
      bytes.writeUInt8(bytes.readUInt8(index) ^ (1 << bit), index);
      const changed = { ...response.response, [part]: bytes.toString("base64url") };
      const answer = await call("POST", "/registration/finalize", { ...response, response: changed });
      expect(answer.status).toBe(400);
    }),
    { numRuns: 300 },
  );
});
