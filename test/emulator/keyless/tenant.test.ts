import { expect, test } from "vitest";
import { startTenant } from "../../../emulator/testing.js";
import { portrait } from "../../support/portraits.js";
import { call, StillClock, temporaryFolder, tenantFor } from "../_setup.js";
import { callsOf, keylessTenant } from "./_setup.js";

test("a restart keeps users, names, devices, keys and the validity of states that nobody has brought yet", async () => {
  const storeDirectory = await temporaryFolder();
  const clock = new StillClock();
  const first = await startTenant({ storeDirectory, clock });
  const before = callsOf(first.record.keyless);
  const [ada, online] = [await before.imported("Ада / 🙂"), await before.enroll("online")];
  const [waiting, offline] = [await before.enroll(), await before.enroll()];
  await before.register(waiting);
  const devices = (await before.devices(ada.keylessId)).body;
  const state = first.state();
  await first.close();

  const second = await tenantFor({ storeDirectory, clock });
  expect(second.state()).toEqual(state);
  expect(state.keyless).toEqual({ users: 2, uncommitted: 1, imported: 1 });
  const keysOf = ({ apiKey, authenticationApiKey, encryptionKeyFingerprint }: typeof first.record.keyless) => [
    apiKey,
    authenticationApiKey,
    encryptionKeyFingerprint,
  ];
  expect(keysOf(second.record.keyless)).toEqual(keysOf(first.record.keyless));
  const after = callsOf(second.record.keyless);
  expect((await after.find("Ада / 🙂")).body).toEqual({ isEnrolled: true, keylessId: ada.keylessId });
  expect((await after.devices(ada.keylessId)).body).toEqual(devices);
  expect((await after.commit(waiting.keylessId)).status).toBe(204);
  expect((await after.register(offline)).status).toBe(201);
  expect((await after.importState("eve", online.clientState)).status).toBe(200);
});

test("a reset empties the services and leaves their keys", async () => {
  const { tenant, keyless, imported, enroll, register, encryption, find, devices, list } = await keylessTenant();
  const { keylessId } = await imported("ada");
  await register(await enroll());
  const key = await encryption();
  await tenant.reset();
  expect(tenant.state().keyless).toEqual({ users: 0, uncommitted: 0, imported: 0 });
  expect(await encryption()).toEqual(key);
  expect((await find("ada")).body).toEqual({ isEnrolled: false });
  expect((await list("ada")).body).toEqual([]);
  expect((await devices(keylessId)).status).toBe(404);
  expect(tenant.record.keyless).toEqual(keyless);
  expect((await imported("ada")).keylessId).not.toBe(keylessId);
});

test("each store has an encryption key of its own", async () => {
  const [one, other] = [await temporaryFolder(), await temporaryFolder()];
  const fingerprints = [];
  for (const storeDirectory of [one, other])
    fingerprints.push((await tenantFor({ storeDirectory })).record.keyless.encryptionKeyFingerprint);
  expect(new Set(fingerprints).size).toBe(2);
  expect(fingerprints[0]).toMatch(/^[0-9a-f]{64}$/);
});

test("the journal names Keyless's paths by their patterns: no username, no key, no path that it doesn't know", async () => {
  const { tenant, imported, find, devices, remove, list, operations, authentication, keyless } = await keylessTenant();
  const { keylessId } = await imported("canary");
  tenant.clearJournal();
  await find("canary/é");
  await list("canary");
  await devices(keylessId);
  await operations("DELETE", `/users/${keylessId}/devices/canary`);
  await operations("PATCH", `/users/${keylessId}/external-user`, { externalUserId: "canary" });
  await operations("DELETE", "/external-users/canary");
  await remove(keylessId);
  await operations("POST", `/uncommitted-users/${keylessId}/commit`);
  await operations("GET", "/canary/canary");
  // What is forgotten to be encoded makes a query, whose names tell too.
  await authentication("GET", "/users/demo/a?canary=canary");
  await authentication("GET", "/users/demo/canary/export-client-state/canary");
  await authentication("GET", "/customers/canary/client-state-encryption");
  await fetch(`${keyless.agentUrl}/health-check?canary`);
  await fetch(`${keyless.agentUrl}/canary`);
  expect(tenant.journal().map(({ path }) => path)).toEqual([
    "/v1/users/{customer}/{username}",
    "/v2/external-users/{username}/users",
    "/v2/users/{userId}/devices",
    "/v2/users/{userId}/devices/{publicSigningKey}",
    "/v2/users/{userId}/external-user",
    "/v2/external-users/{username}",
    "/v2/users/{userId}",
    "/v2/uncommitted-users/{keylessId}/commit",
    "/*",
    "/v1/users/{customer}/{username}",
    "/*",
    "/v1/customers/{customer}/client-state-encryption",
    "/health-check",
    "/*",
  ]);
  expect(JSON.stringify(tenant.journal())).not.toContain("canary");
});

test("a fault still meets the path that was sent, for one user alone", async () => {
  const { tenant, find } = await keylessTenant();
  tenant.addFault({ service: "keyless-authentication", path: "/v1/users/demo/ada%2Fbob", status: 503, times: 0 });
  expect((await find("ada/bob")).status).toBe(503);
  expect((await find("ada")).status).toBe(200);
  expect(tenant.journal()).toMatchObject([
    { path: "/v1/users/{customer}/{username}", status: 503, fault: { when: "before" } },
    { path: "/v1/users/{customer}/{username}", status: 200 },
  ]);
});

test("a call whose answer is lost or comes out wrong has taken effect, and the next one meets what it did", async () => {
  const { tenant, enroll, register, commit, importState, agent } = await keylessTenant();
  const enrolled = await enroll();
  const loseNext = (path: string) => tenant.addFault({ path, method: "POST", when: "after", reset: true });
  loseNext("/v2/uncommitted-users");
  await expect(register(enrolled)).rejects.toThrow();
  expect((await register(enrolled)).status).toBe(409);
  loseNext("/v2/uncommitted-users/*");
  await expect(commit(enrolled.keylessId)).rejects.toThrow();
  expect((await commit(enrolled.keylessId)).status).toBe(404);
  loseNext("/v1/users/demo/ada/import-client-state");
  await expect(importState("ada", enrolled.clientState)).rejects.toThrow();
  expect((await importState("ada", enrolled.clientState)).status).toBe(409);
  for (const corrupt of ["truncate", "html", "garbage"] as const) {
    tenant.addFault({ service: "keyless-agent", when: "after", corrupt });
    await expect(agent("online", portrait())).rejects.toThrow(SyntaxError);
  }
  expect(tenant.state().keyless).toEqual({ users: 4, uncommitted: 0, imported: 1 });
});

test("no answer, journal or page repeats a key, a state or a username", async () => {
  const { tenant, keyless, imported, enroll, importState, operations, find } = await keylessTenant();
  const { clientState, serverState } = await imported("canary-name");
  const answers = [
    await importState("canary-name", clientState),
    await operations("POST", "/uncommitted-users", serverState),
    await operations("POST", "/uncommitted-users", `${serverState} `),
    await find(`canary-name${"x".repeat(300)}`),
    await importState("canary-other", (await enroll()).clientState),
  ].map(({ body }) => body);
  const seen = JSON.stringify([answers, tenant.journal(), await (await fetch(tenant.record.admin.url)).text()]);
  for (const secret of [keyless.apiKey, keyless.authenticationApiKey, "canary", clientState.slice(-60, -10)])
    expect(seen).not.toContain(secret);
});

test("the three services stand where the record says, behind the admin's port, and the state counts them", async () => {
  const { tenant, keyless, committed } = await keylessTenant();
  await committed();
  expect(keyless).toMatchObject({ customer: "demo" });
  expect(new Set([keyless.agentUrl, keyless.operationsUrl, keyless.authenticationUrl]).size).toBe(3);
  const page = await (await fetch(tenant.record.admin.url)).text();
  for (const url of [keyless.agentUrl, keyless.operationsUrl, keyless.authenticationUrl]) expect(page).toContain(url);
  const state = await call(tenant.record.admin, "GET", "/state");
  expect(state.body).toMatchObject({ keyless: { users: 1, uncommitted: 0, imported: 0 } });
});
