/** One stack through its life, on the real engine: what each operation does to the service, and what a person is told. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startTenant, type Tenant } from "../../emulator/testing.js";
import { createKeyriClient } from "../../providers/clients.js";
import { createProject, type Project, peopleYaml, phone } from "./_project.js";

let tenant: Tenant;
let project: Project;
beforeAll(async () => {
  tenant = await startTenant();
  project = await createProject({
    config: { "keyri:url": tenant.record.keyri.url },
    fixtures: peopleYaml({ ada: phone, grace: phone, alan: phone }),
    environment: { KEYRI_TOKEN: tenant.record.keyri.token, AUTHN_SEED: tenant.identity.seed },
  });
});
afterAll(async () => {
  await tenant.close();
  await project.remove();
});
beforeEach(() => {
  tenant.clearFaults();
  tenant.clearJournal();
});

const writes = () => tenant.journal().filter(({ write }) => write);
const keyri = () => createKeyriClient(tenant.record.keyri);
const declare = (people: Record<string, string>) => project.write("people/people.yaml", peopleYaml(people));

describe("a stack on the real engine", () => {
  it("is previewed without a request, then created: everyone has a key that was proven by a login", async () => {
    const preview = await project.authn("preview");
    expect(preview.code, preview.said).toBe(0);
    expect(preview.json.changes).toMatchObject({ create: 3, same: 0 });
    expect(tenant.journal()).toEqual([]);

    const up = await project.authn("up");
    expect(up.code, up.said).toBe(0);
    expect(up.json).toMatchObject({ result: "succeeded", changes: { create: 3, update: 0, replace: 0, delete: 0 } });
    expect(tenant.state().keyri.keys).toBe(3);
    expect(writes().filter(({ path, status }) => path === "/keyriLogin" && status === 200)).toHaveLength(3);
    const people = JSON.stringify(up.json.outputs["people"]);
    expect(people).toContain("MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE");
    expect(people).toContain('"privateKey":"[secret]"');
  });

  it("declared again, it is unchanged, and nothing is written", async () => {
    const up = await project.authn("up");
    expect(up.code, up.said).toBe(0);
    expect(up.json.changes).toEqual({ create: 0, update: 0, replace: 0, delete: 0, same: 3 });
    expect(up.said).toContain("3 unchanged");
    expect(tenant.journal()).toEqual([]);
  });

  it("one changed line changes just that: in place, by replacement, by removal, by addition", async () => {
    await declare({ ada: "keyri: [{ device: phone, onDelete: delete }]", grace: phone, alan: phone });
    expect((await project.authn("up")).json.changes).toEqual({ create: 0, update: 1, replace: 0, delete: 0, same: 2 });
    expect(writes()).toEqual([]);

    await declare({ ada: phone, grace: `username: amazing.grace, ${phone}`, alan: phone });
    const preview = await project.authn("preview");
    expect(preview.json.changes).toMatchObject({ update: 1, replace: 1, same: 1 });
    expect(preview.said).toContain("grace");
    expect(writes()).toEqual([]);
    expect((await project.authn("up")).json.changes).toMatchObject({ update: 1, replace: 1, same: 1 });
    expect(await keyri().list("grace")).toEqual([]);
    expect(await keyri().list("amazing.grace")).toHaveLength(1);

    await declare({ ada: phone, grace: `username: amazing.grace, ${phone}`, katherine: phone });
    expect((await project.authn("up")).json.changes).toEqual({ create: 1, update: 0, replace: 0, delete: 1, same: 2 });
    expect(tenant.state().keyri.keys).toBe(3);
  });

  it("drift is seen by refresh, and repaired by the next up", async () => {
    const [pubKey = ""] = await keyri().list("ada");
    await keyri().remove({ pubKey, username: "ada" });
    tenant.clearJournal();
    const refresh = await project.authn("refresh");
    expect(refresh.code, refresh.said).toBe(0);
    expect(refresh.json.changes.delete).toBe(1);
    expect(tenant.journal().map(({ method }) => method)).toEqual(["GET", "GET", "GET"]);
    expect((await project.authn("up")).json.changes).toMatchObject({ create: 1, same: 2 });
    expect(await keyri().list("ada")).toEqual([pubKey]);
  });

  it("a forced replacement leaves each one standing once", async () => {
    const up = await project.authn("up", "--replace", "ada/phone", "--replace", "grace/phone");
    expect(up.code, up.said).toBe(0);
    expect(up.json.changes).toMatchObject({ replace: 2, same: 1 });
    expect(tenant.state().keyri.keys).toBe(3);
    expect((await project.authn("up")).json.changes).toMatchObject({ same: 3, replace: 0 });
  });

  it("is destroyed even where the fixtures can't be read any more", async () => {
    await project.write("people/broken.yaml", "people: [");
    expect((await project.authn("up")).code).toBe(2);
    const destroy = await project.authn("destroy");
    expect(destroy.code, destroy.said).toBe(0);
    expect(tenant.state().keyri.keys).toBe(0);
    await project.write("people/broken.yaml", "people: {}");
    expect((await project.authn("up")).json.changes).toMatchObject({ create: 3 });
  });

  it("is destroyed without a trace, and the stack is removed when asked", async () => {
    const destroy = await project.authn("destroy", "--remove");
    expect(destroy.code, destroy.said).toBe(0);
    expect(destroy.json.changes).toMatchObject({ delete: 3 });
    expect(tenant.state().keyri).toEqual({ keys: 0 });
    await expect(project.state()).rejects.toMatchObject({ code: "ENOENT" });
  });
});
