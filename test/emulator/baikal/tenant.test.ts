import { expect, test } from "vitest";
import { type ClockReading, startTenant, type TenantOptions } from "../../../emulator/testing.js";
import { call, freeBase, StillClock, temporaryFolder, tenantFor } from "../_setup.js";
import { accessTokenOf, baikalOf, baikalTenant, clientKey, proofHeaders } from "./_setup.js";

test("the record names the demonstration client as the stack's configuration does", async () => {
  const { baikal } = await baikalTenant();
  expect(baikal).toEqual({
    endpoint: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    clientId: "billing",
    clientSecret: expect.stringMatching(/^[\w-]{43}$/),
    issuer: "https://billing.example/",
    publishUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    publishToken: expect.stringMatching(/^[\w-]{43}$/),
    jwksUrl: `${baikal.publishUrl}/billing.json`,
  });
});

test("a restart keeps tokens good, keys, documents, counts and the client's secret", async () => {
  const clock = new StillClock();
  const options = { clock, storeDirectory: await temporaryFolder(), basePort: await freeBase() };
  const key = await clientKey();
  const first = await startTenant(options);
  const before = baikalOf(first, clock);
  await before.publish([key.jwk]);
  const accessToken = accessTokenOf(await before.grant({ key }));
  await before.grant({ key: await clientKey() });
  await before.grant({ key }, proofHeaders());
  const served = await (await fetch(`${first.record.baikal.endpoint}/jwks`)).text();
  const [state, record] = [first.state(), first.record];
  await first.close();

  const second = await tenantFor(options);
  const after = baikalOf(second, clock);
  expect(second.record.baikal).toEqual(record.baikal);
  expect(second.state()).toEqual(state);
  expect(state.jwksBucket).toEqual({ documents: 1 });
  expect((await after.introspect(accessToken)).body).toMatchObject({ active: true, sub: "ada" });
  expect(await (await fetch(`${second.record.baikal.endpoint}/jwks`)).text()).toBe(served);
  expect((await after.grant({ key })).status).toBe(200);
});

test("faults strike the authserver and the bucket as any service", async () => {
  const { tenant, publish, token, counts, grant } = await baikalTenant();
  const key = await clientKey();
  tenant.addFault({ service: "jwks-bucket", method: "PUT", status: 503, when: "after" });
  expect((await publish([key.jwk])).status).toBe(503);
  expect(tenant.state().jwksBucket).toEqual({ documents: 1 });
  tenant.addFault({ service: "baikal", path: "/token", status: 429, headers: { "retry-after": "1" } });
  const refused = await token({ grant_type: "client_credentials" });
  expect(refused).toMatchObject({ status: 429 });
  expect(refused.headers.get("retry-after")).toBe("1");
  tenant.addFault({ service: "baikal", path: "/token", reset: true, when: "after" });
  await expect(grant({ key })).rejects.toThrow();
  expect(counts().assertions).toEqual({ accepted: 1, rejected: 0 });
  expect(tenant.journal().map(({ service, path, status }) => [service, path, status])).toEqual([
    ["jwks-bucket", "/billing.json", 503],
    ["baikal", "/token", 429],
    ["jwks-bucket", "/billing.json", 200],
    ["baikal", "/token", null],
  ]);
});

test("every answer is dated by the tenant's clock, a fault's too", async () => {
  const { tenant, baikal, token } = await baikalTenant();
  tenant.setClock({ now: "2031-05-06T07:08:09.123Z" });
  tenant.addFault({ service: "baikal", method: "GET", status: 503 });
  const discovery = `${baikal.endpoint}/.well-known/openid-configuration`;
  const dates = [
    (await fetch(discovery)).headers.get("date"),
    (await fetch(discovery)).headers.get("date"),
    (await token({})).headers.get("date"),
    (await fetch(`${baikal.publishUrl}/billing.json`)).headers.get("date"),
  ];
  expect(dates).toEqual(Array(4).fill("Tue, 06 May 2031 07:08:09 GMT"));
});

test("whoever asks is told what the clock shows: at the start, and each time that it is set", async () => {
  const told: ClockReading[] = [];
  const clock = new StillClock();
  const storeDirectory = await temporaryFolder();
  const clockChanged = (reading: ClockReading) => void told.push(reading);
  const first = await startTenant({ clock, storeDirectory, clockChanged });
  first.setClock({ advanceMs: 60_000 });
  await call(first.record.admin, "POST", "/clock", { advanceMs: 60_000 });
  expect((await call(first.record.admin, "POST", "/clock", { advanceMs: "far" })).status).toBe(400);
  await first.close();
  const second = await tenantFor({ clock, storeDirectory, clockChanged });
  await call(second.record.admin, "POST", "/reset");
  expect(told).toEqual([
    { now: "2026-01-02T03:04:05.000Z", offsetMs: 0 },
    { now: "2026-01-02T03:05:05.000Z", offsetMs: 60_000 },
    { now: "2026-01-02T03:06:05.000Z", offsetMs: 120_000 },
    { now: "2026-01-02T03:06:05.000Z", offsetMs: 120_000 },
    { now: "2026-01-02T03:04:05.000Z", offsetMs: 0 },
  ]);
});

const client = {
  clientId: "shop",
  clientSecret: "s",
  issuer: "https://shop.example",
  jwksUrl: "https://shop.example/",
};
test.each<[TenantOptions["baikal"], RegExp]>([
  [{ jwksUrl: "file:///etc/passwd" }, /baikal\.jwksUrl: must be an http or https address/],
  [{ jwksUrl: "https://ada:secret@example.com/" }, /baikal\.jwksUrl: must be .* without credentials/],
  [{ jwksCacheSeconds: -1 }, /baikal\.jwksCacheSeconds: must be a whole number of seconds/],
  [{ accessTokenSeconds: 1 }, /baikal\.accessTokenSeconds/],
  [
    { clients: [{ ...client, clientId: "a:b" }] },
    /baikal\.clients\.0\.clientId: must be visible ASCII without a colon/,
  ],
  [{ clients: [{ ...client, clientSecret: "schlüssel" }] }, /baikal\.clients\.0\.clientSecret: must be visible ASCII/],
  [{ clients: [client, client] }, /baikal\.clients\.1\.clientId: is taken/],
  [{ clients: [{ ...client, clientId: "billing" }] }, /baikal\.clients\.0\.clientId: is taken/],
])("the authserver can't be set to %j", async (baikal, expected) => {
  await expect(startTenant({ baikal })).rejects.toThrow(expected);
});
