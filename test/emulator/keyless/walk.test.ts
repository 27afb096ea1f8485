import { expect, test } from "vitest";
import { keylessTenant } from "./_setup.js";

test("a face is enrolled offline, registered, committed and imported, and its user is found by name", async () => {
  const { tenant, enroll, register, commit, importState, find, devices, list } = await keylessTenant();
  const enrolled = await enroll();
  expect(tenant.state().keyless).toEqual({ users: 0, uncommitted: 0, imported: 0 });
  expect(await register(enrolled)).toMatchObject({ status: 201 });
  expect(tenant.state().keyless).toEqual({ users: 0, uncommitted: 1, imported: 0 });
  expect(await commit(enrolled.keylessId)).toMatchObject({ status: 204 });
  expect(tenant.state().keyless).toEqual({ users: 1, uncommitted: 0, imported: 0 });
  expect((await find("ada")).body).toEqual({ isEnrolled: false });
  expect(await importState("ada", enrolled.clientState)).toMatchObject({ status: 200, body: { success: true } });
  expect(tenant.state().keyless).toEqual({ users: 1, uncommitted: 0, imported: 1 });
  expect((await find("ada")).body).toEqual({ isEnrolled: true, keylessId: enrolled.keylessId });
  expect((await list("ada")).body).toMatchObject([{ userId: enrolled.keylessId }]);
  expect((await devices(enrolled.keylessId)).body).toMatchObject([{ state: "ACTIVE" }]);
});

test("a face that is enrolled online is registered at once and needs its client state imported only", async () => {
  const { tenant, enroll, importState, find } = await keylessTenant();
  const { keylessId, clientState } = await enroll("online");
  expect(tenant.state().keyless).toEqual({ users: 1, uncommitted: 0, imported: 0 });
  expect((await importState("ada", clientState)).status).toBe(200);
  expect((await find("ada")).body).toEqual({ isEnrolled: true, keylessId });
});
