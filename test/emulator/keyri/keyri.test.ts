import { generateKeyPairSync, sign } from "node:crypto";
import { expect, test } from "vitest";
import { answerOf, call, device, login, StillClock, tenantFor } from "../_setup.js";

async function keyriTenant() {
  const clock = new StillClock();
  const tenant = await tenantFor({ clock });
  const { keyri } = tenant.record;
  return {
    tenant,
    clock,
    keyri,
    register: (username: unknown, pubKey: unknown) => call(keyri, "POST", "/keyriRegistration", { pubKey, username }),
    signIn: (payload: object) => call(keyri, "POST", "/keyriLogin", { keyriPayload: JSON.stringify(payload) }),
    list: (username: string) => call(keyri, "GET", `/keyriKeys?username=${encodeURIComponent(username)}`),
    remove: (username: string, pubKey: string) => call(keyri, "DELETE", "/keyriKeys", { pubKey, username }),
    at: (offsetMs = 0) => `${clock.ms + offsetMs}_${Math.floor(Math.random() * 1e12)}`,
  };
}

test("a registered device logs in, and says so in the sample's words", async () => {
  const { register, signIn, at } = await keyriTenant();
  const phone = device();
  expect(await register("ada", phone.pubKey)).toMatchObject({
    status: 200,
    body: { message: "Registration Successful" },
  });
  expect(await signIn(login("ada", phone, at()))).toMatchObject({ status: 200, body: { message: "Login Successful" } });
});

test("a login is taken as four plain fields, as one JSON field, and as one form field", async () => {
  const { keyri, register, signIn, at } = await keyriTenant();
  const phone = device();
  await register("ada", phone.pubKey);
  expect((await call(keyri, "POST", "/keyriLogin", login("ada", phone, at()))).status).toBe(200);
  expect((await signIn(login("ada", phone, at()))).status).toBe(200);
  const form = new URLSearchParams({ keyriPayload: JSON.stringify(login("ada", phone, at())) });
  const sent = await fetch(`${keyri.url}/keyriLogin`, {
    method: "POST",
    headers: { authorization: `Bearer ${keyri.token}` },
    body: form,
  });
  expect(await answerOf(sent)).toMatchObject({ status: 200, body: { message: "Login Successful" } });
});

test("an unregistered key logs in as nobody, whoever else is registered", async () => {
  const { register, signIn, at } = await keyriTenant();
  const [phone, stolen] = [device(), device()];
  await register("ada", phone.pubKey);
  await register("eve", stolen.pubKey);
  const refusal = { status: 400, body: { message: "User not found" } };
  expect(await signIn(login("ada", stolen, at()))).toMatchObject(refusal);
  expect(await signIn(login("nobody", phone, at()))).toMatchObject(refusal);
});

test("a signature over other data, by another key, or in another encoding is refused", async () => {
  const { register, signIn, at } = await keyriTenant();
  const phone = device();
  await register("ada", phone.pubKey);
  const good = login("ada", phone, at());
  const raw = sign("sha256", Buffer.from(good.data), { key: phone.privateKey, dsaEncoding: "ieee-p1363" });
  const refusal = { status: 400, body: { message: "Signature verification failed" } };
  expect(await signIn({ ...good, data: at() })).toMatchObject(refusal);
  expect(await signIn({ ...good, signature: login("ada", device(), good.data).signature })).toMatchObject(refusal);
  expect(await signIn({ ...good, signature: raw.toString("base64") })).toMatchObject(refusal);
  expect(await signIn({ ...good, signature: "not base64!" })).toMatchObject(refusal);
});

test.each([
  [0, 200],
  [-60_000, 200],
  [60_000, 200],
  [-60_001, 400],
  [60_001, 400],
])("a login whose timestamp is %i ms from the server's time answers %i", async (offsetMs, status) => {
  const { register, signIn, at } = await keyriTenant();
  const phone = device();
  await register("ada", phone.pubKey);
  expect((await signIn(login("ada", phone, at(offsetMs)))).status).toBe(status);
});

test("the window moves with the tenant's clock", async () => {
  const { tenant, register, signIn, at } = await keyriTenant();
  const phone = device();
  await register("ada", phone.pubKey);
  tenant.setClock({ advanceMs: 3_600_000 });
  expect((await signIn(login("ada", phone, at()))).body).toEqual({
    message: "The timestamp in data is more than 60 seconds from the server's time",
  });
  expect((await signIn(login("ada", phone, at(3_600_000)))).status).toBe(200);
});

test("the same data logs in once for a key, and only its own valid signature uses it up", async () => {
  const { register, signIn, at } = await keyriTenant();
  const [phone, tablet] = [device(), device()];
  await register("ada", phone.pubKey);
  await register("ada", tablet.pubKey);
  const data = at();
  const payload = login("ada", phone, data);
  expect((await signIn({ ...payload, signature: login("ada", device(), data).signature })).status).toBe(400);
  expect((await signIn(payload)).status).toBe(200);
  expect(await signIn(payload)).toMatchObject({ status: 400, body: { message: "This data was used before" } });
  // ECDSA signatures differ each time: it is the data that counts.
  expect((await signIn(login("ada", phone, data))).status).toBe(400);
  expect((await signIn(login("ada", tablet, data))).status).toBe(200);
});

test("used data is remembered only as long as its timestamp is accepted", async () => {
  const { clock, register, signIn, at } = await keyriTenant();
  const phone = device();
  await register("ada", phone.pubKey);
  const payload = login("ada", phone, at());
  expect((await signIn(payload)).status).toBe(200);
  clock.ms += 60_000;
  expect((await signIn(login("ada", phone, at()))).status).toBe(200);
  expect((await signIn(payload)).body).toEqual({ message: "This data was used before" });
  clock.ms += 1;
  expect((await signIn(login("ada", phone, at()))).status).toBe(200);
  // Only a clock that goes backwards can show that it is forgotten.
  clock.ms -= 1;
  expect((await signIn(payload)).status).toBe(200);
});

test("of two simultaneous logins with the same data one succeeds", async () => {
  const { register, signIn, at } = await keyriTenant();
  const phone = device();
  await register("ada", phone.pubKey);
  const payload = login("ada", phone, at());
  const statuses = await Promise.all(Array.from({ length: 8 }, async () => (await signIn(payload)).status));
  expect(statuses.filter((status) => status === 200)).toHaveLength(1);
});

test("a user has several keys, each listed with its time, and one deleted leaves the others", async () => {
  const { clock, register, list, remove } = await keyriTenant();
  const [phone, tablet] = [device(), device()];
  await register("ada", phone.pubKey);
  clock.ms += 1_000;
  await register("ada", tablet.pubKey);
  await register("bob", phone.pubKey);
  expect((await list("ada")).body).toEqual([
    { pubKey: phone.pubKey, username: "ada", createdAt: "2026-01-02T03:04:05.000Z" },
    { pubKey: tablet.pubKey, username: "ada", createdAt: "2026-01-02T03:04:06.000Z" },
  ]);
  expect((await remove("ada", phone.pubKey)).status).toBe(204);
  expect((await list("ada")).body).toMatchObject([{ pubKey: tablet.pubKey }]);
  expect((await list("bob")).body).toMatchObject([{ pubKey: phone.pubKey }]);
  expect(await remove("ada", phone.pubKey)).toMatchObject({ status: 404, body: { message: "Key not found" } });
});

test("a deleted key no longer logs in", async () => {
  const { register, signIn, remove, at } = await keyriTenant();
  const phone = device();
  await register("ada", phone.pubKey);
  await remove("ada", phone.pubKey);
  expect((await signIn(login("ada", phone, at()))).body).toEqual({ message: "User not found" });
});

test("a user without keys has an empty list, and a list without a username is refused", async () => {
  const { keyri, list } = await keyriTenant();
  expect(await list("nobody")).toMatchObject({ status: 200, body: [] });
  expect((await call(keyri, "GET", "/keyriKeys")).status).toBe(400);
});

test("a key registered twice for one user is refused and stays one", async () => {
  const { tenant, register } = await keyriTenant();
  const phone = device();
  await register("ada", phone.pubKey);
  expect(await register("ada", phone.pubKey)).toMatchObject({
    status: 409,
    body: { message: "Key already registered" },
  });
  expect(tenant.state().keyri).toEqual({ keys: 1 });
});

test("every call wants the bearer token", async () => {
  const { tenant, keyri } = await keyriTenant();
  const calls = [
    ["POST", "/keyriRegistration"],
    ["POST", "/keyriLogin"],
    ["GET", "/keyriKeys?username=ada"],
    ["DELETE", "/keyriKeys"],
  ] as const;
  for (const authorization of [
    undefined,
    "Bearer wrong",
    `Basic ${keyri.token}`,
    `Bearer ${tenant.record.admin.token}`,
  ]) {
    for (const [method, path] of calls) {
      const headers = { "content-type": "application/json", ...(authorization === undefined ? {} : { authorization }) };
      const answer = await answerOf(await fetch(keyri.url + path, { method, headers }));
      expect(answer).toMatchObject({ status: 401, body: { message: "Unauthorized" } });
    }
  }
});

test("usernames are kept as they are, in any script and with any punctuation, up to 255 characters", async () => {
  const { register, list } = await keyriTenant();
  for (const username of ["/ ? # %", "Ада Лавлейс", "🙂", "a".repeat(255), " ", "__proto__", "line\nbreak"]) {
    const { pubKey } = device();
    expect((await register(username, pubKey)).status).toBe(200);
    expect((await list(username)).body).toMatchObject([{ username, pubKey }]);
  }
});

test.each([
  ["an empty name", ""],
  ["256 characters", "a".repeat(256)],
  ["a number", 7],
  ["null", null],
  ["half a surrogate pair", "\ud83d"],
])("a username that is %s is refused by its field's name", async (_what, username) => {
  const { register } = await keyriTenant();
  const answer = await register(username, device().pubKey);
  expect(answer.status).toBe(400);
  expect(answer.body).toEqual({ message: expect.stringMatching(/^username: must/) });
});

const p256 = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey;
const p256Der = p256.export({ format: "der", type: "spki" });
const compressed = Buffer.concat([
  Buffer.from("3039301306072a8648ce3d020106082a8648ce3d030107032200", "hex"),
  Buffer.from([2 + ((p256Der[90] ?? 0) & 1)]),
  p256Der.subarray(27, 59),
]);
test.each([
  ["a PEM document", p256.export({ format: "pem", type: "spki" }).toString()],
  ["64 bytes, a raw X and Y", p256Der.subarray(-64).toString("base64")],
  ["65 bytes, an uncompressed point", p256Der.subarray(-65).toString("base64")],
  ["curve secp384r1", device("P-384").pubKey],
  ["curve secp256k1", device("secp256k1").pubKey],
  [
    "a key of type ed25519",
    generateKeyPairSync("ed25519").publicKey.export({ format: "der", type: "spki" }).toString("base64"),
  ],
  ["text that isn't standard base64", p256Der.toString("base64url")],
  ["text that isn't standard base64", ` ${p256Der.toString("base64")}`],
  ["no SPKI DER", Buffer.alloc(91, 7).toString("base64")],
  ["another encoding", Buffer.concat([p256Der, Buffer.from([0])]).toString("base64")],
  ["another encoding", compressed.toString("base64")],
])("a public key that is %s is refused, and the refusal says so", async (came, pubKey) => {
  const { tenant, register } = await keyriTenant();
  const answer = await register("ada", pubKey);
  expect(answer.status).toBe(400);
  expect(answer.body).toEqual({ message: expect.stringContaining(came) });
  expect(tenant.state().keyri).toEqual({ keys: 0 });
});

test.each([
  ["seconds instead of milliseconds", "1767323045_1234"],
  ["no random part", "1767323045000"],
  ["nothing", ""],
])("a login whose data has %s is refused by its field's name", async (_what, data) => {
  const { register, signIn } = await keyriTenant();
  const phone = device();
  await register("ada", phone.pubKey);
  const answer = await signIn(login("ada", phone, data));
  expect(answer).toMatchObject({ status: 400, body: { message: expect.stringMatching(/^data: must be 13 digits/) } });
});

test("bodies that are no JSON, no object, of another type, or miss fields are refused with the reason", async () => {
  const { keyri } = await keyriTenant();
  const send = async (path: string, type: string, body: string) => {
    const headers = { authorization: `Bearer ${keyri.token}`, "content-type": type };
    const answer = await answerOf(await fetch(keyri.url + path, { method: "POST", headers, body }));
    expect(answer.status).toBe(400);
    return answer.body;
  };
  const json = "application/json";
  for (const path of ["/keyriRegistration", "/keyriLogin"]) {
    for (const body of ["{", "[]", "null", "7", ""])
      expect(await send(path, json, body)).toEqual({ message: "The body must be a JSON object" });
    expect(await send(path, "text/plain", "{}")).toEqual({ message: expect.stringMatching(/^Content-Type must be/) });
    expect(await send(path, json, "{}")).toEqual({ message: expect.stringContaining("username: must be text") });
  }
  expect(await send("/keyriLogin", json, '{"keyriPayload":{}}')).toEqual({
    message: "keyriPayload: must be text that holds JSON",
  });
  // Names that other clients in the field use: normalising them is the client's part.
  const foreign = { publicKey: "a", userId: "b", timestampNonce: "c", signature: "d" };
  expect(await send("/keyriLogin", json, JSON.stringify({ keyriPayload: JSON.stringify(foreign) }))).toEqual({
    message: expect.stringContaining("pubKey: must be text"),
  });
});

test("a refused registration leaves no trace, and its message doesn't repeat what was sent", async () => {
  const { tenant, register } = await keyriTenant();
  const answer = await register("ada", "c2VjcmV0LWNhbmFyeQ==");
  expect(JSON.stringify(answer.body)).not.toContain("c2VjcmV0");
  expect(tenant.state().keyri).toEqual({ keys: 0 });
});
