import { createHash, createPublicKey, generateKeyPairSync, randomBytes } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { openClientState } from "../../../emulator/keyless/authentication/client-state.js";
import { type Encryption, type ImportParts, keylessTenant, sealed, wrapped } from "./_setup.js";

test("the encryption key is an RSA-2048 key whose fingerprint the record tells", async () => {
  const { keyless, authentication } = await keylessTenant();
  const { body } = await authentication("GET", "/customers/demo/client-state-encryption");
  expect(body).toEqual({
    keyId: expect.any(String),
    supportedAlgorithms: ["RSAES-OAEP-SHA-256"],
    publicKey: expect.stringMatching(/^-----BEGIN PUBLIC KEY-----\n/),
  });
  const key = createPublicKey(pemOf(body));
  expect(key.asymmetricKeyDetails?.modulusLength).toBe(2048);
  const der = key.export({ format: "der", type: "spki" });
  expect(keyless.encryptionKeyFingerprint).toBe(createHash("sha256").update(der).digest("hex"));
});

test("a body of RFC 8452 appendix C.1 opens to its plaintext", () => {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = publicKey.export({ format: "pem", type: "spki" }).toString();
  const headers = new Headers({
    "kl-client-state-key": wrapped(hex("01000000000000000000000000000000"), { keyId: "k", publicKey: pem }),
  });
  const body = hex("030000000000000000000000" + "b5d839330ac7b786578782fff6013b815b287c22493a364c");
  const key = { keyId: "k", publicKey: pem, fingerprint: "", privateKey };
  expect(openClientState(headers, body, key)).toEqual(Uint8Array.from(hex("0100000000000000")));
});

test("a client state is imported once: the username is taken then, and so is its user", async () => {
  const { committed, importState, find } = await keylessTenant();
  const [ada, bob] = [await committed(), await committed()];
  expect((await importState("ada", ada.clientState)).status).toBe(200);
  expect((await importState("ada", ada.clientState)).status).toBe(409);
  expect((await importState("ada", bob.clientState)).status).toBe(409);
  expect((await importState("other", ada.clientState)).status).toBe(409);
  expect((await find("ada")).body).toEqual({ isEnrolled: true, keylessId: ada.keylessId });
  expect((await find("other")).body).toEqual({ isEnrolled: false });
});

test("a client state whose user isn't registered, isn't committed or was deleted is refused", async () => {
  const { enroll, register, commit, remove, importState } = await keylessTenant();
  const enrolled = await enroll();
  expect((await importState("ada", enrolled.clientState)).status).toBe(400);
  await register(enrolled);
  expect((await importState("ada", enrolled.clientState)).status).toBe(400);
  await commit(enrolled.keylessId);
  await remove(enrolled.keylessId);
  expect((await importState("ada", enrolled.clientState)).status).toBe(400);
});

test("only the client state itself, byte for byte, is imported", async () => {
  const { tenant, committed, importState } = await keylessTenant();
  const { clientState, serverState } = await committed();
  for (const text of [
    JSON.stringify(JSON.parse(clientState)),
    `${clientState} `,
    clientState.slice(1),
    "",
    serverState,
  ])
    expect((await importState("ada", text)).status).toBe(400);
  expect(tenant.state().keyless.imported).toBe(0);
});

test("a flipped bit anywhere in the body or the wrapped key, or a missing or added byte, imports nothing", async () => {
  const { tenant, committed, encryption, bring } = await keylessTenant();
  const { clientState } = await committed();
  const parts = sealed(clientState, await encryption());
  const refused = async (tampered: Partial<ImportParts>) => {
    expect((await bring("ada", { ...parts, ...tampered })).status).toBe(400);
    expect(tenant.state().keyless.imported).toBe(0);
  };
  const bit = (bytes: number) => fc.tuple(fc.nat(bytes - 1), fc.nat(7));
  await fc.assert(
    fc.asyncProperty(bit(parts.body.length), (at) => refused({ body: flipped(parts.body, at) })),
    { numRuns: 40 },
  );
  const wrappedKey = hex(parts.headers["kl-client-state-key"] ?? "");
  await fc.assert(
    fc.asyncProperty(bit(wrappedKey.length), (at) => {
      const key = Buffer.from(flipped(wrappedKey, at)).toString("hex");
      return refused({ headers: { ...parts.headers, "kl-client-state-key": key } });
    }),
    { numRuns: 40 },
  );
  for (const length of [0, 12, 27, 28, parts.body.length - 1]) await refused({ body: parts.body.slice(0, length) });
  await refused({ body: Uint8Array.from([...parts.body, 0]) });
  expect((await bring("ada", parts)).status).toBe(200);
});

test("each header of an import is checked", async () => {
  const { tenant, committed, encryption, bring } = await keylessTenant();
  const { clientState } = await committed();
  const parts = sealed(clientState, await encryption());
  const wrappedKey = parts.headers["kl-client-state-key"] ?? "";
  const wrong: readonly (readonly [string, string, number])[] = [
    ["content-type", "application/json", 415],
    ["kl-key-id", "another", 400],
    ["kl-key-algorithm", "RSA1_5", 400],
    ["kl-key-algorithm", "RSAES-OAEP-SHA-1", 400],
    ["kl-client-state-algorithm", "AES-GCM", 400],
    ["kl-client-state-key", wrappedKey.toUpperCase(), 400],
    ["kl-client-state-key", hex(wrappedKey).toString("base64"), 400],
    ["kl-client-state-key", wrappedKey.slice(2), 400],
  ];
  for (const [name, value, status] of wrong) {
    expect((await bring("ada", { ...parts, headers: { ...parts.headers, [name]: value } })).status).toBe(status);
    const without = Object.fromEntries(Object.entries(parts.headers).filter(([header]) => header !== name));
    expect((await bring("ada", { ...parts, headers: without })).status).toBe(status);
  }
  expect(tenant.state().keyless.imported).toBe(0);
});

test("a key wrapped otherwise, or of another length, is refused", async () => {
  const { committed, encryption, bring } = await keylessTenant();
  const { clientState } = await committed();
  const service = await encryption();
  const importWith = async (wrappedKey: string, aesKey: Buffer) => {
    const { headers, body } = sealed(clientState, service, aesKey);
    return (await bring("ada", { headers: { ...headers, "kl-client-state-key": wrappedKey }, body })).status;
  };
  const [short, long] = [randomBytes(16), randomBytes(32)];
  const foreign: Encryption = { ...service, publicKey: foreignPem() };
  expect(await importWith(wrapped(short, service, "sha1"), short)).toBe(400);
  expect(await importWith(wrapped(short, foreign), short)).toBe(400);
  expect(await importWith(wrapped(long, service), long)).toBe(400);
  expect(await importWith(wrapped(short, service), short)).toBe(200);
});

test("an export adds a backup device each time, and is 404 for somebody unknown", async () => {
  const { imported, backUp, devices } = await keylessTenant();
  const { keylessId } = await imported("ada");
  expect((await devices(keylessId)).body).toHaveLength(1);
  expect((await backUp("ada")).status).toBe(200);
  expect((await backUp("ada")).status).toBe(200);
  expect((await devices(keylessId)).body).toHaveLength(3);
  expect((await backUp("bob")).status).toBe(404);
});

test("usernames are kept as they are: in any script, with any punctuation, and distinct in their case", async () => {
  const { imported, find } = await keylessTenant();
  const names = ["/ ? # %", "%2F", "Ада Лавлейс", "🙂", "a".repeat(255), "a;b=c&d+e", "__proto__", "Ada", "ada", " "];
  const ids = new Map<string, string>();
  for (const name of names) ids.set(name, (await imported(name)).keylessId);
  for (const name of names) expect((await find(name)).body).toEqual({ isEnrolled: true, keylessId: ids.get(name) });
  expect((await find("ADA")).body).toEqual({ isEnrolled: false });
});

test("a username of more than 255 characters, or of bytes that are no text, is 400; an empty one is no path", async () => {
  const { find, authentication } = await keylessTenant();
  expect((await find("a".repeat(256))).status).toBe(400);
  for (const name of ["%ff", "%E2%82", "%zz"])
    expect((await authentication("GET", `/users/demo/${name}`)).status).toBe(400);
  expect((await find("")).status).toBe(404);
});

test("another customer is 404 in every call", async () => {
  const { authentication } = await keylessTenant();
  for (const [method, path] of [
    ["GET", "/customers/other/client-state-encryption"],
    ["GET", "/users/other/ada"],
    ["POST", "/users/other/ada/import-client-state"],
    ["POST", "/users/other/ada/export-client-state"],
  ] as const)
    expect((await authentication(method, path)).status).toBe(404);
});

test("every call wants the authentication key, its header in any case: another service's key won't do", async () => {
  const { keyless } = await keylessTenant();
  const url = `${keyless.authenticationUrl}/v1/users/demo/ada`;
  const status = async (headers: Record<string, string>, path = "") => (await fetch(url + path, { headers })).status;
  expect(await status({ "KL-API-KEY": keyless.authenticationApiKey })).toBe(200);
  for (const path of ["", "/nowhere"]) {
    expect(await status({}, path)).toBe(401);
    expect(await status({ "kl-api-key": keyless.apiKey }, path)).toBe(401);
    expect(await status({ "x-api-key": keyless.authenticationApiKey }, path)).toBe(401);
  }
});

test("a user can't be deleted here", async () => {
  const { imported, authentication, find } = await keylessTenant();
  const { keylessId } = await imported("ada");
  expect((await authentication("DELETE", "/users/demo/ada")).status).toBe(404);
  expect((await find("ada")).body).toEqual({ isEnrolled: true, keylessId });
});

function hex(text: string): Buffer {
  return Buffer.from(text, "hex");
}

function flipped(bytes: Uint8Array, [at, bit]: readonly [number, number]): Uint8Array<ArrayBuffer> {
  const copy = Uint8Array.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ (1 << bit);
  return copy;
}

function pemOf(body: unknown): string {
  if (typeof body !== "object" || body === null || !("publicKey" in body)) throw new TypeError("No key");
  return String(body.publicKey);
}

function foreignPem(): string {
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return publicKey.export({ format: "pem", type: "spki" }).toString();
}
