import { expect, test } from "vitest";
import { keylessTenant } from "./_setup.js";

const NOBODY = "AB".repeat(32);

test("only the very bytes of a server state register a user", async () => {
  const { tenant, enroll, operations } = await keylessTenant();
  const { serverState, clientState } = await enroll();
  const parsed: unknown = JSON.parse(serverState);
  for (const body of [
    JSON.stringify(parsed),
    ` ${serverState}`,
    `${serverState}\n`,
    serverState.replace("é", "e"),
    serverState.replace("1.0", "1"),
    serverState.replace(/"keylessId": "./, '"keylessId": "0'),
    clientState,
    clientState.replace('"client"', '"server"'),
    JSON.stringify(serverState),
    JSON.stringify({ serverState: parsed }),
    "{}",
    "null",
    "{",
    "",
  ].filter((text) => text !== serverState))
    expect((await operations("POST", "/uncommitted-users", body)).status).toBe(400);
  expect(tenant.state().keyless.uncommitted).toBe(0);
  expect((await operations("POST", "/uncommitted-users", serverState)).status).toBe(201);
});

test("a server state of another tenant registers nobody", async () => {
  const [one, other] = [await keylessTenant(), await keylessTenant()];
  expect((await other.register(await one.enroll())).status).toBe(400);
});

test("the same server state twice is 409, uncommitted or committed, and registers a deleted user anew", async () => {
  const { tenant, enroll, register, commit, remove } = await keylessTenant();
  const enrolled = await enroll();
  expect((await register(enrolled)).status).toBe(201);
  expect((await register(enrolled)).status).toBe(409);
  await commit(enrolled.keylessId);
  expect((await register(enrolled)).status).toBe(409);
  await remove(enrolled.keylessId);
  expect((await register(enrolled)).status).toBe(201);
  expect(tenant.state().keyless).toEqual({ users: 0, uncommitted: 1, imported: 0 });
});

test("a user is committed once; twice, or without being registered, it is 404", async () => {
  const { enroll, register, commit } = await keylessTenant();
  const enrolled = await enroll();
  expect((await commit(enrolled.keylessId)).status).toBe(404);
  await register(enrolled);
  expect(await commit(enrolled.keylessId)).toMatchObject({ status: 204, body: undefined });
  expect((await commit(enrolled.keylessId)).status).toBe(404);
});

test("a user who registered online isn't there to commit", async () => {
  const { enroll, commit } = await keylessTenant();
  expect((await commit((await enroll("online")).keylessId)).status).toBe(404);
});

test("a commit takes no body, and no content type either", async () => {
  const { enroll, register, operations } = await keylessTenant();
  const enrolled = await enroll();
  await register(enrolled);
  const path = `/uncommitted-users/${enrolled.keylessId}/commit`;
  expect((await operations("POST", path, {})).status).toBe(400);
  expect((await operations("POST", path)).status).toBe(204);
});

test("an uncommitted user can't be deleted: committing and then deleting removes it", async () => {
  const { tenant, enroll, register, commit, remove } = await keylessTenant();
  const enrolled = await enroll();
  await register(enrolled);
  expect((await remove(enrolled.keylessId)).status).toBe(404);
  await commit(enrolled.keylessId);
  expect(await remove(enrolled.keylessId)).toMatchObject({ status: 200, body: { success: true } });
  expect((await remove(enrolled.keylessId)).status).toBe(404);
  expect(tenant.state().keyless).toEqual({ users: 0, uncommitted: 0, imported: 0 });
});

test("deleting a user frees the username, and its devices and external id are gone", async () => {
  const { imported, remove, find, list, devices } = await keylessTenant();
  const { keylessId } = await imported("ada");
  await remove(keylessId);
  expect((await find("ada")).body).toEqual({ isEnrolled: false });
  expect((await list("ada")).body).toEqual([]);
  expect((await devices(keylessId)).status).toBe(404);
  const another = await imported("ada");
  expect((await find("ada")).body).toEqual({ isEnrolled: true, keylessId: another.keylessId });
});

test("a user's devices are listed with their keys, and one is removed by its percent-encoded key", async () => {
  const { imported, backUp, devices, operations, clock } = await keylessTenant();
  const { keylessId } = await imported("ada");
  clock.ms += 1_000;
  await backUp("ada");
  const listed = (await devices(keylessId)).body;
  const key = expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/);
  const common = { userId: keylessId, sdkCustomerId: "demo", publicSigningKey: key, publicEncryptionKey: key };
  expect(listed).toEqual([
    { ...common, state: "ACTIVE", createdAt: "2026-01-02T03:04:05.000Z" },
    { ...common, state: "ACTIVE", createdAt: "2026-01-02T03:04:06.000Z" },
  ]);
  const [first, second] = keysOf(listed);
  const path = `/users/${keylessId}/devices/${encodeURIComponent(first ?? "")}`;
  expect(await operations("DELETE", path)).toMatchObject({ status: 200, body: { success: true } });
  expect((await operations("DELETE", path)).status).toBe(404);
  expect(keysOf((await devices(keylessId)).body)).toEqual([second]);
});

test("devices of nobody are 404, and so is a device under another user", async () => {
  const { imported, enroll, register, devices, operations } = await keylessTenant();
  const [ada, bob] = [await imported("ada"), await imported("bob")];
  const [key = ""] = keysOf((await devices(ada.keylessId)).body);
  for (const userId of [bob.keylessId, NOBODY])
    expect((await operations("DELETE", `/users/${userId}/devices/${encodeURIComponent(key)}`)).status).toBe(404);
  expect((await devices(NOBODY)).status).toBe(404);
  const uncommitted = await enroll();
  await register(uncommitted);
  expect((await devices(uncommitted.keylessId)).status).toBe(404);
  expect(keysOf((await devices(ada.keylessId)).body)).toHaveLength(1);
});

test("an import maps the username as external id, and users are found by it in any case", async () => {
  const { imported, list } = await keylessTenant();
  const [upper, lower] = [await imported("Ada"), await imported("ada")];
  const found = (await list("ADA")).body;
  expect(found).toEqual(
    [upper, lower].map(({ keylessId }) => ({
      userId: keylessId,
      biometricPublicSigningKey: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
      createdAt: "2026-01-02T03:04:05.000Z",
      updatedAt: "2026-01-02T03:04:05.000Z",
    })),
  );
  expect((await list("nobody")).body).toEqual([]);
});

test("an external id is set once by POST, set again by PATCH, and taken away by its exact name", async () => {
  const { committed, operations, list, clock } = await keylessTenant();
  const { keylessId } = await committed();
  const path = `/users/${keylessId}/external-user`;
  expect((await operations("POST", path, { externalUserId: "Ada" })).status).toBe(201);
  expect((await operations("POST", path, { externalUserId: "Ada" })).status).toBe(409);
  clock.ms += 1_000;
  for (const _ of [1, 2]) expect((await operations("PATCH", path, { externalUserId: "Ada L/%?" })).status).toBe(200);
  expect((await list("ada l/%?")).body).toMatchObject([{ userId: keylessId, updatedAt: "2026-01-02T03:04:06.000Z" }]);
  const external = (name: string) => operations("DELETE", `/external-users/${encodeURIComponent(name)}`);
  expect((await external("ada l/%?")).status).toBe(204);
  expect((await list("Ada L/%?")).body).toHaveLength(1);
  expect((await external("Ada L/%?")).status).toBe(204);
  expect((await list("Ada L/%?")).body).toEqual([]);
  expect((await operations("POST", path, { externalUserId: "Ada" })).status).toBe(201);
});

test("an external id of nobody is 404, and one that can't be a name is 400", async () => {
  const { committed, operations } = await keylessTenant();
  const { keylessId } = await committed();
  for (const method of ["POST", "PATCH"]) {
    expect((await operations(method, `/users/${NOBODY}/external-user`, { externalUserId: "x" })).status).toBe(404);
    for (const body of [
      {},
      { externalUserId: "" },
      { externalUserId: 7 },
      { externalUserId: "x".repeat(256) },
      "[]",
      "{",
    ])
      expect((await operations(method, `/users/${keylessId}/external-user`, body)).status).toBe(400);
  }
});

test("a user's id in another form than 64 upper-case hexadecimal digits is 400", async () => {
  const { operations } = await keylessTenant();
  for (const id of ["ab".repeat(32), "AB", "%20", "undefined"])
    for (const [method, path] of [
      ["POST", `/uncommitted-users/${id}/commit`],
      ["DELETE", `/users/${id}`],
      ["GET", `/users/${id}/devices`],
    ] as const)
      expect((await operations(method, path)).status).toBe(400);
});

test("every call wants the operations key in its header: another service's key won't do", async () => {
  const { keyless } = await keylessTenant();
  const right = { "X-API-KEY": keyless.apiKey };
  expect((await fetch(`${keyless.operationsUrl}/v2/users/${NOBODY}/devices`, { headers: right })).status).toBe(404);
  const wrong: Record<string, string>[] = [
    {},
    { "x-api-key": "wrong" },
    { "x-api-key": keyless.authenticationApiKey },
    { "kl-api-key": keyless.apiKey },
    { authorization: `Bearer ${keyless.apiKey}` },
  ];
  for (const headers of wrong)
    for (const path of ["/uncommitted-users", `/users/${NOBODY}`, "/nowhere"])
      expect((await fetch(`${keyless.operationsUrl}/v2${path}`, { method: "POST", headers })).status).toBe(401);
});

test("a server state or an external id under another content type is 415", async () => {
  const { keyless, enroll } = await keylessTenant();
  const { serverState } = await enroll();
  for (const path of ["/uncommitted-users", `/users/${NOBODY}/external-user`])
    for (const type of ["text/plain", "application/octet-stream"]) {
      const headers = { "x-api-key": keyless.apiKey, "content-type": type };
      const init = { method: "POST", headers, body: serverState };
      expect((await fetch(`${keyless.operationsUrl}/v2${path}`, init)).status).toBe(415);
    }
});

test("there is no list of users, nor of uncommitted ones", async () => {
  const { operations } = await keylessTenant();
  for (const path of ["/users", `/users/${NOBODY}`, "/uncommitted-users", `/uncommitted-users/${NOBODY}`])
    expect((await operations("GET", path)).status).toBe(404);
});

function keysOf(devices: unknown): readonly string[] {
  if (!Array.isArray(devices)) throw new TypeError("No list of devices");
  return devices.map((device: { readonly publicSigningKey: string }) => device.publicSigningKey);
}
