import { createServer } from "node:http";
import { connect } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { type FaultSpec, startTenant, TenantError } from "../../../emulator/testing.js";
import { call, device, freeBase, login, rawStatus, tenantFor } from "../_setup.js";

test("every origin answers only to its own loopback address", async () => {
  const tenant = await tenantFor();
  const { admin, keyri } = tenant.record;
  for (const { url, token } of [admin, keyri]) {
    const { port } = new URL(url);
    const authorization = `Bearer ${token}`;
    const path = url === admin.url ? "/state" : "/keyriKeys?username=ada";
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `LOCALHOST:${port}`])
      expect(await rawStatus(url + path, { authorization, host })).toBe(200);
    for (const host of [
      "evil.example",
      `evil.example:${port}`,
      "127.0.0.1",
      "localhost:1",
      `127.0.0.1.evil.example:${port}`,
    ])
      expect(await rawStatus(url + path, { authorization, host })).toBe(421);
    expect(await rawStatus(url, { authorization }, { path: `http://evil.example:${port}${path}` })).toBe(421);
  }
});

test("what isn't there is 404 with a message, whatever the method", async () => {
  const { keyri } = (await tenantFor()).record;
  for (const [method, path] of [
    ["GET", "/"],
    ["PUT", "/keyriKeys"],
    ["GET", "/keyriLogin"],
    ["GET", "/keyriKeys/"],
  ] as const)
    expect(await call(keyri, method, path)).toMatchObject({ status: 404, body: { message: "Not found" } });
  expect(await rawStatus(keyri.url, {}, { method: "TRACE" })).toBe(404);
});

test("a body beyond the limit is 413, whether its length is announced or not, and the next request is served", async () => {
  const { keyri } = (await tenantFor()).record;
  const send = (body: string | ReadableStream) =>
    fetch(`${keyri.url}/keyriRegistration`, {
      method: "POST",
      body,
      duplex: "half",
      headers: { authorization: `Bearer ${keyri.token}` },
    });
  const tooLarge = "x".repeat(1024 * 1024 + 1);
  expect((await send(tooLarge)).status).toBe(413);
  expect((await send(new Blob([tooLarge]).stream())).status).toBe(413);
  expect((await call(keyri, "GET", "/keyriKeys?username=ada")).status).toBe(200);
});

test("a body without an announced length is read whole", async () => {
  const { keyri } = (await tenantFor()).record;
  const body = new Blob([JSON.stringify({ pubKey: device().pubKey, username: "ada" })]).stream();
  const headers = { authorization: `Bearer ${keyri.token}`, "content-type": "application/json" };
  const response = await fetch(`${keyri.url}/keyriRegistration`, {
    method: "POST",
    body,
    duplex: "half",
    headers,
  });
  expect(response.status).toBe(200);
});

test("a client that breaks off in the middle of its body changes nothing", async () => {
  const tenant = await tenantFor();
  const { keyri } = tenant.record;
  const { hostname, port } = new URL(keyri.url);
  const socket = connect(Number(port), hostname);
  socket.on("error", () => {});
  socket.write(
    `POST /keyriRegistration HTTP/1.1\r\nHost: ${hostname}:${port}\r\nContent-Length: 500\r\n\r\n{"pubKey":`,
  );
  await new Promise((resolve) => socket.once("connect", resolve));
  socket.end();
  await expect.poll(() => tenant.journal()).toMatchObject([{ status: null, write: true }]);
  expect(tenant.state().keyri).toEqual({ keys: 0 });
});

test("the journal tells method, path, status, time and fault of each request, and which were writes", async () => {
  const tenant = await tenantFor({ clock: { nowMs: () => 1_767_323_045_000 } });
  const { keyri } = tenant.record;
  tenant.addFault({ method: "DELETE", status: 503, when: "after" });
  await call(keyri, "POST", "/keyriRegistration", { pubKey: device().pubKey, username: "ada" });
  await call(keyri, "GET", "/keyriKeys?username=%2F%20%C3%A4");
  await call(keyri, "DELETE", "/keyriKeys", { pubKey: "none", username: "ada" });
  const common = { service: "keyri", at: "2026-01-02T03:04:05.000Z" };
  expect(tenant.journal()).toEqual([
    { ...common, sequence: 1, method: "POST", path: "/keyriRegistration", status: 200, write: true },
    { ...common, sequence: 2, method: "GET", path: "/keyriKeys?username=", status: 200, write: false },
    {
      ...common,
      sequence: 3,
      method: "DELETE",
      path: "/keyriKeys",
      status: 503,
      write: true,
      fault: { id: "fault-1", when: "after" },
    },
  ]);
});

test("the journal names what a query asks for and holds none of its values", async () => {
  const tenant = await tenantFor();
  const { keyri } = tenant.record;
  const secret = "canary-user/é";
  await call(keyri, "GET", `/keyriKeys?username=${encodeURIComponent(secret)}&f%C3%A4rg=canary`);
  await call(keyri, "GET", "/keyriKeys?username=canary&username=canary");
  await call({ ...keyri, token: "wrong" }, "GET", "/keyriKeys?username=canary");
  await call(keyri, "GET", "/keyriKeys?");
  expect(tenant.journal().map(({ path }) => path)).toEqual([
    "/keyriKeys?username=&f%C3%A4rg=",
    "/keyriKeys?username=&username=",
    "/keyriKeys?username=",
    "/keyriKeys",
  ]);
});

test("the journal, the page, the faults and the errors hold no token, key, signature or seed", async () => {
  const tenant = await tenantFor();
  const { admin, keyri } = tenant.record;
  const phone = device();
  const payload = login("ada", phone, `${Date.now()}_1`);
  await call(keyri, "POST", "/keyriRegistration", { pubKey: phone.pubKey, username: "ada" });
  await call(keyri, "POST", "/keyriLogin", payload);
  await call(keyri, "POST", "/keyriLogin", payload);
  await call(keyri, "POST", "/keyriRegistration", { pubKey: phone.pubKey, username: "ada" });
  const wrongToken = "canary-wrong-token";
  const refused = await call({ ...keyri, token: wrongToken }, "POST", "/keyriLogin", payload);
  const seen = JSON.stringify([tenant.journal(), tenant.faults(), refused.body, await (await fetch(admin.url)).text()]);
  for (const secret of [admin.token, keyri.token, tenant.identity.seed, payload.signature, phone.pubKey, wrongToken])
    expect(seen).not.toContain(secret);
});

test("services stand on consecutive ports in their fixed order", async () => {
  const base = await freeBase();
  const tenant = await tenantFor({ basePort: base });
  expect(tenant.record.admin.url).toBe(`http://127.0.0.1:${base}`);
  expect(tenant.record.keyri.url).toBe(`http://127.0.0.1:${base + 7}`);
});

test("a port in use is an error that names it and what to do, and nothing stays bound", async () => {
  const base = await freeBase();
  const squatter = createServer();
  await new Promise<void>((resolve) => squatter.listen(base + 7, "127.0.0.1", resolve));
  onTestFinished(() => void squatter.close());
  const failure = await startTenant({ basePort: base }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(TenantError);
  expect(failure).toMatchObject({
    code: "ERR_AUTHN_TENANT",
    problem: "port",
    message: expect.stringMatching(`Port ${base + 7}, .*keyri.* is in use\\. .*another base port`),
  });
  await expect(fetch(`http://127.0.0.1:${base}/health`)).rejects.toMatchObject({ cause: { code: "ECONNREFUSED" } });
});

test.each<[object, RegExp]>([
  [{ host: "0.0.0.0" }, /host: is not known here.*loopback only/],
  [{ basePort: -1 }, /basePort: must be 0, or 1 to 65526/],
  [{ basePort: 65_527 }, /basePort/],
  [{ storeDirectory: "" }, /storeDirectory: must be a path/],
  [{ clock: {} }, /clock: must have a method nowMs/],
])("a tenant can't be started with %j", async (options, expected) => {
  await expect(startTenant(options)).rejects.toThrow(expected);
});

test("a fault given in process is checked as strictly as over HTTP", async () => {
  const tenant = await tenantFor();
  const wrong: FaultSpec & { readonly satus: number } = { satus: 500, status: 500 };
  expect(() => tenant.addFault(wrong)).toThrow(/satus: is not known here/);
});
