import { expect, test } from "vitest";
import { call, device, rawStatus, StillClock, tenantFor } from "../_setup.js";

test("everything but the page and the health check wants the admin's token", async () => {
  const tenant = await tenantFor();
  const { admin, keyri } = tenant.record;
  const calls = [
    ["GET", "/state"],
    ["GET", "/journal"],
    ["DELETE", "/journal"],
    ["GET", "/faults"],
    ["POST", "/faults"],
    ["DELETE", "/faults"],
    ["DELETE", "/faults/fault-1"],
    ["POST", "/clock"],
    ["POST", "/reset"],
    ["GET", "/no-such-thing"],
  ] as const;
  for (const [method, path] of calls) {
    expect((await fetch(admin.url + path, { method })).status).toBe(401);
    expect((await call({ ...admin, token: keyri.token }, method, path)).status).toBe(401);
    expect((await call({ ...admin, token: `${admin.token}x` }, method, path)).status).toBe(401);
  }
  expect((await call(admin, "GET", "/no-such-thing")).status).toBe(404);
  const health = await fetch(`${admin.url}/health`);
  expect(await health.json()).toEqual({ status: "ok", id: tenant.identity.id });
});

test("the page says what runs where, without scripts or secrets", async () => {
  const tenant = await tenantFor();
  const { admin, keyri } = tenant.record;
  const response = await fetch(admin.url);
  const page = await response.text();
  expect(response.headers.get("content-type")).toContain("text/html");
  expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(page).toContain(keyri.url);
  expect(page).toMatch(/<html lang="en">/);
  expect(page).not.toContain("<script");
  for (const secret of [admin.token, keyri.token, tenant.identity.seed]) expect(page).not.toContain(secret);
});

test("a page of another origin can't call the admin origin, even with the token", async () => {
  const { admin } = (await tenantFor()).record;
  const authorization = `Bearer ${admin.token}`;
  const port = new URL(admin.url).port;
  for (const origin of [
    "http://evil.example",
    "null",
    `https://127.0.0.1:${port}`,
    `http://127.0.0.1:${Number(port) + 1}`,
  ])
    expect(await rawStatus(`${admin.url}/state`, { authorization, origin })).toBe(403);
  expect(await rawStatus(`${admin.url}/state`, { authorization, origin: admin.url })).toBe(200);
});

test("state, journal and faults over HTTP are those of the tenant in process", async () => {
  const tenant = await tenantFor();
  const { admin, keyri } = tenant.record;
  await call(keyri, "POST", "/keyriRegistration", { pubKey: device().pubKey, username: "ada" });
  expect((await call(admin, "GET", "/state")).body).toEqual({
    baikal: {
      clients: 1,
      assertions: { accepted: 0, rejected: 0 },
      rejections: {},
      proofs: { accepted: 0, rejected: 0 },
      proofRejections: {},
    },
    hanko: { authenticationCredentials: 0, passkeyCredentials: 0 },
    jwksBucket: { documents: 0 },
    keyless: { users: 0, uncommitted: 0, imported: 0 },
    keyri: { keys: 1 },
  });
  expect((await call(admin, "GET", "/journal")).body).toEqual(tenant.journal());
  const added = await call(admin, "POST", "/faults", { service: "keyri", method: "get", status: 500, times: 0 });
  expect(added).toMatchObject({ status: 201, body: { id: "fault-1" } });
  expect((await call(admin, "GET", "/faults")).body).toEqual([
    { id: "fault-1", service: "keyri", method: "GET", status: 500, times: 0, applied: 0 },
  ]);
  expect((await call(keyri, "GET", "/keyriKeys?username=ada")).status).toBe(500);
  expect((await call(admin, "DELETE", "/faults/fault-1")).status).toBe(204);
  expect((await call(admin, "DELETE", "/faults/fault-1")).status).toBe(404);
  tenant.addFault({ status: 500 });
  expect((await call(admin, "DELETE", "/faults")).status).toBe(204);
  expect((await call(keyri, "GET", "/keyriKeys?username=ada")).status).toBe(200);
});

test("the journal lists what came after an entry, and can be cleared without beginning to count anew", async () => {
  const tenant = await tenantFor();
  const { admin, keyri } = tenant.record;
  for (const username of ["ada", "bob", "eve"]) await call(keyri, "GET", `/keyriKeys?username=${username}`);
  expect((await call(admin, "GET", "/journal?since=2")).body).toMatchObject([
    { sequence: 3, path: "/keyriKeys?username=" },
  ]);
  expect((await call(admin, "DELETE", "/journal")).status).toBe(204);
  await call(keyri, "GET", "/keyriKeys?username=ada");
  expect((await call(admin, "GET", "/journal")).body).toMatchObject([{ sequence: 4 }]);
  for (const since of ["x", "-1", "1.5"])
    expect((await call(admin, "GET", `/journal?since=${since}`)).status).toBe(400);
});

test("the clock is set to a distance, to an instant, or onward, and answers where it stands", async () => {
  const clock = new StillClock();
  const { admin } = (await tenantFor({ clock })).record;
  expect((await call(admin, "POST", "/clock", { offsetMs: -1_000 })).body).toEqual({
    now: "2026-01-02T03:04:04.000Z",
    offsetMs: -1_000,
  });
  expect((await call(admin, "POST", "/clock", { advanceMs: 3_000 })).body).toEqual({
    now: "2026-01-02T03:04:07.000Z",
    offsetMs: 2_000,
  });
  expect((await call(admin, "POST", "/clock", { now: "2026-02-01T00:00:00+01:00" })).body).toMatchObject({
    now: "2026-01-31T23:00:00.000Z",
  });
  clock.ms += 5_000;
  expect((await call(admin, "POST", "/clock", { advanceMs: 0 })).body).toMatchObject({
    now: "2026-01-31T23:00:05.000Z",
  });
});

test.each([
  [{}],
  [{ now: "tomorrow" }],
  [{ advanceMs: 1.5 }],
  [{ offsetMs: 1, advanceMs: 1 }],
  [{ offsetMs: 1e15 }],
  [[]],
])("a clock can't be set to %j", async (change) => {
  const { admin } = (await tenantFor()).record;
  expect(await call(admin, "POST", "/clock", change)).toMatchObject({
    status: 400,
    body: { message: expect.stringContaining("clock") },
  });
});

test("a body that is no JSON is answered as such", async () => {
  const { admin } = (await tenantFor()).record;
  for (const path of ["/faults", "/clock"]) {
    const response = await fetch(admin.url + path, {
      method: "POST",
      body: "{",
      headers: { authorization: `Bearer ${admin.token}` },
    });
    expect([response.status, await response.json()]).toEqual([400, { message: "The body must be JSON" }]);
  }
});

test("a reset empties services, journal and faults, sets the clock right, and keeps identity and tokens", async () => {
  const clock = new StillClock();
  const tenant = await tenantFor({ clock });
  const { admin, keyri } = tenant.record;
  await call(keyri, "POST", "/keyriRegistration", { pubKey: device().pubKey, username: "ada" });
  tenant.addFault({ status: 500 });
  tenant.setClock({ advanceMs: 9_000 });
  expect((await call(admin, "POST", "/reset")).status).toBe(204);
  expect(tenant.state().keyri).toEqual({ keys: 0 });
  expect([tenant.journal(), tenant.faults()]).toEqual([[], []]);
  expect(tenant.setClock({ advanceMs: 0 }).offsetMs).toBe(0);
  expect((await call(keyri, "GET", "/keyriKeys?username=ada")).body).toEqual([]);
});
