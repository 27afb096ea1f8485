/** What goes wrong on the real engine: each has a clear error or recovers, and afterwards up reaches what is declared. */
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startTenant, type Tenant } from "../../emulator/testing.js";
import { createKeyriClient } from "../../providers/clients.js";
import { openGateway } from "../support/gateway.js";
import { createProject, type Project, peopleYaml, phone } from "./_project.js";

let tenant: Tenant;
let project: Project;
beforeEach(async () => {
  tenant = await startTenant();
  project = await createProject({
    config: { "keyri:url": tenant.record.keyri.url },
    fixtures: peopleYaml({ ada: phone, grace: phone, alan: phone }),
    environment: { KEYRI_TOKEN: tenant.record.keyri.token },
  });
});
afterEach(async () => {
  await tenant.close();
  await project.remove();
});

const register = { service: "keyri", method: "POST", path: "/keyriRegistration" } as const;
const login = { service: "keyri", method: "POST", path: "/keyriLogin" } as const;
const keys = () => tenant.state().keyri.keys;

async function destroyed(): Promise<void> {
  const destroy = await project.authn("destroy");
  expect(destroy.code, destroy.said).toBe(0);
  expect(keys()).toBe(0);
}

describe("on the real engine", () => {
  it("a login that fails fails that person alone, names person, file and step, and up goes on there with the same key", async () => {
    tenant.addFault({ ...login, status: 500 });
    const first = await project.authn("up");
    expect(first.code, first.said).toBe(1);
    expect(first.json.result).toBe("failed");
    expect(first.said).toMatch(/(ada|grace|alan) in people\/people\.yaml/);
    expect(first.said).toContain("step prove");
    expect(keys()).toBe(3);
    const before = (await Promise.all(["ada", "grace", "alan"].map((name) => keyri().list(name)))).flat();

    tenant.clearJournal();
    const second = await project.authn("up");
    expect(second.code, second.said).toBe(0);
    expect(second.json.changes).toEqual({ create: 0, update: 1, replace: 0, delete: 0, same: 2 });
    expect(tenant.journal().some(({ path }) => path === register.path)).toBe(false);
    const after = (await Promise.all(["ada", "grace", "alan"].map((name) => keyri().list(name)))).flat();
    expect(after).toEqual(before);
    await destroyed();
  });

  it("a replacement whose old one can't be removed ends with an error, and the next up completes it", async () => {
    expect((await project.authn("up")).code).toBe(0);
    const ada = "keyri: [{ device: phone, generation: 2 }]";
    await project.write("people/people.yaml", peopleYaml({ ada, grace: phone, alan: phone }));
    tenant.addFault({ service: "keyri", method: "DELETE", path: "/keyriKeys", status: 400, times: 0 });
    const refused = await project.authn("up");
    expect(refused.code, refused.said).toBe(1);
    expect(refused.said).toContain("ada in people/people.yaml");
    expect(refused.said).not.toContain("stopped");
    tenant.clearFaults();
    const next = await project.authn("up");
    expect(next.code, next.said).toBe(0);
    expect(next.json.changes).toMatchObject({ replace: 1 });
    expect(keys()).toBe(3);
    await destroyed();
  });

  it("a registration whose answer was lost is found by the next up, even after a refresh, and not made twice", async () => {
    tenant.addFault({ ...register, when: "after", reset: true });
    expect((await project.authn("up")).code).toBe(1);
    expect(keys()).toBe(3);
    const refresh = await project.authn("refresh");
    expect(refresh.code, refresh.said).toBe(0);
    tenant.clearJournal();
    const up = await project.authn("up");
    expect(up.code, up.said).toBe(0);
    expect(up.json.changes).toMatchObject({ update: 1, same: 2 });
    expect(tenant.journal().some(({ path }) => path === register.path)).toBe(false);
    expect(keys()).toBe(3);
    await destroyed();
  });

  it("half-made, it is destroyed without a trace", async () => {
    tenant.addFault({ ...register, when: "after", reset: true, times: 3 });
    expect((await project.authn("up")).code).toBe(1);
    await destroyed();
  });

  it("one Ctrl-C ends in order: what is under way is finished and kept, no lock is left, the next up completes", async () => {
    tenant.addFault({ ...register, delayMs: 1500, times: 0 });
    const up = project.start("up", "--parallel", "1");
    const registered = async () => {
      while (keys() === 0) await setImmediate();
    };
    await registered();
    up.kill("SIGINT");
    const stopped = await up.ended;
    expect(stopped.code, stopped.said).toBe(1);
    expect(keys()).toBeLessThan(3);
    tenant.clearFaults();
    const again = await project.authn("up");
    expect(again.code, again.said).toBe(0);
    expect(again.json.changes.create + again.json.changes.update + again.json.changes.same).toBe(3);
    expect(keys()).toBe(3);
    await destroyed();
  });

  it("a service that is gone fails the destroy with its address, and once it is back nothing is left over", async () => {
    const door = await openGateway(tenant.record.keyri, "token");
    project.set({ KEYRI_TOKEN: "token" });
    const stackFile = (url: string) => project.write("Pulumi.dev.yaml", `config:\n  keyri:url: ${url}\n`);
    await stackFile(`http://127.0.0.1:${door.port}`);
    expect((await project.authn("up")).code).toBe(0);
    await door.close();
    const destroy = await project.authn("destroy");
    expect(destroy.code, destroy.said).toBe(1);
    expect(destroy.said).toContain(`127.0.0.1:${door.port}`);
    expect(destroy.said).toContain("keyri:url");
    project.set({ KEYRI_TOKEN: tenant.record.keyri.token });
    await stackFile(tenant.record.keyri.url);
    await destroyed();
  });

  it("deletes that fail leave a state that the next destroy goes on with, though nothing is declared any more", async () => {
    expect((await project.authn("up")).code).toBe(0);
    await project.write("people/people.yaml", "people: {}");
    project.set({ KEYRI_TOKEN: "wrong-token" });
    for (const operation of ["up", "destroy"]) expect((await project.authn(operation)).code).toBe(1);
    expect(keys()).toBe(3);
    project.set({ KEYRI_TOKEN: tenant.record.keyri.token });
    await destroyed();
  });

  it("a wrong token and a faulty YAML touch nothing, and say what to mend", async () => {
    project.set({ KEYRI_TOKEN: "wrong-token" });
    const wrong = await project.authn("up");
    expect(wrong.code).toBe(1);
    expect(wrong.said).toContain("401");
    expect(wrong.said).toContain("keyri:token");
    expect(wrong.said).not.toContain("wrong-token");

    await project.write("people/broken.yaml", "people:\n  ada: { displayName: [\n");
    await project.write("people/more.yaml", "people:\n  bob: { displayNme: Bob }\n");
    tenant.clearJournal();
    const faulty = await project.authn("up");
    expect(faulty.code, faulty.said).not.toBe(0);
    expect(faulty.said).toMatch(/people\/broken\.yaml:\d+:\d+/);
    expect(faulty.said).toMatch(/people\/more\.yaml:2:\d+/);
    expect(faulty.said).toContain("displayName");
    expect(tenant.journal()).toEqual([]);
    expect(keys()).toBe(0);
  });
});

function keyri() {
  return createKeyriClient(tenant.record.keyri);
}
