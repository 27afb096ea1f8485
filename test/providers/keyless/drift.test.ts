/** What a `KeylessUser` that can't log in any more becomes, by what the Authentication Service says at a refresh. */
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { startTenant, type Tenant } from "../../../emulator/testing.js";
import { EngineModel } from "../../support/engineModel.js";
import { facesFolder, hostedKeyless } from "../../support/faces.js";

let tenant: Tenant;
beforeAll(async () => {
  tenant = await startTenant();
});
afterAll(() => tenant.close());
beforeEach(() => tenant.reset());

const { folder } = facesFolder();
const owner = { project: "project", stack: "stack", type: "KeylessUser", name: "ada/keyless" };
const declared = { username: "ada", image: "faces/ada.jpg", scenario: "SELFIE", owner };
const kept = { ...declared, keepClientState: true };
const nobody = { isEnrolled: false };
const another = { isEnrolled: true, keylessId: "ABCD" };

it.each([
  ["with nobody under the name is replaced", declared, nobody, "replaced"],
  ["with nobody under the name is imported again where the client state was kept", kept, nobody, "updated"],
  ["with another keylessId under the name is replaced", declared, another, "replaced"],
  ["with another keylessId under the name is replaced, its client state kept or not", kept, another, "replaced"],
] as const)("a user %s", async (_, inputs, body, becomes) => {
  const engine = new EngineModel(hostedKeyless(tenant, folder));
  expect(await engine.up(inputs), engine.error).toBe("created");
  tenant.addFault({ service: "keyless-authentication", method: "GET", path: "/v1/users/*", status: 200, body });
  expect(await engine.refresh(), engine.error).toBe(true);
  expect(engine.kept?.outputs["enrolled"]).toBe(false);
  expect(await engine.up(inputs), engine.error).toBe(becomes);
  expect(engine.kept?.outputs["enrolled"]).toBe(true);
  expect(tenant.state().keyless).toEqual({ users: 1, uncommitted: 0, imported: 1 });
});

it("a user with an external id of its own is read with one request more", async () => {
  const engine = new EngineModel(hostedKeyless(tenant, folder));
  expect(await engine.up({ ...declared, externalUserId: "countess" })).toBe("created");
  tenant.clearJournal();
  expect(await engine.refresh()).toBe(true);
  expect(tenant.journal()).toHaveLength(3);
});
