/** People with faces on the real engine: enrolled over three services, refused one by one, gone on with where a run broke off. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { startTenant, type Tenant } from "../../emulator/testing.js";
import { createKeylessClient } from "../../providers/clients.js";
import { blankImage, portrait, portraitPng } from "../support/portraits.js";
import { createProject, type Project, peopleYaml } from "./_project.js";

let tenant: Tenant;
let project: Project;
beforeAll(async () => {
  tenant = await startTenant();
});
afterAll(() => tenant.close());
beforeEach(async () => {
  const { apiKey, authenticationApiKey, ...places } = tenant.record.keyless;
  project = await createProject({
    config: Object.fromEntries(Object.entries(places).map(([key, value]) => [`keyless:${key}`, value])),
    fixtures: peopleYaml({ ada: face("ada.jpg"), grace: face("grace.png"), alan: face("alan.jpg") }),
    environment: { KEYLESS_API_KEY: apiKey, KEYLESS_AUTHENTICATION_API_KEY: authenticationApiKey },
  });
  await project.write("people/faces/ada.jpg", portrait(1));
  await project.write("people/faces/grace.png", portraitPng(2));
  await project.write("people/faces/alan.jpg", portrait(3));
});
afterEach(async () => {
  await project.remove();
  await tenant.reset();
});

function face(file: string, more = ""): string {
  return `keyless: { image: faces/${file}, scenario: SELFIE${more} }`;
}

const keyless = () => tenant.state().keyless;
const idOf = async (username: string) =>
  (await createKeylessClient(tenant.record.keyless).authentication.user(username)).keylessId;
const declare = (people: Record<string, string>) => project.write("people/people.yaml", peopleYaml(people));
const agentCalls = () => tenant.journal().filter(({ path }) => path.endsWith("-enrollment")).length;

describe("people with faces", () => {
  it("are enrolled, guarded, unchanged when declared again, read, replaced where a portrait changes, and destroyed", async () => {
    const up = await project.authn("up");
    expect(up.code, up.said).toBe(0);
    expect(up.json.changes).toMatchObject({ create: 3 });
    expect(keyless()).toEqual({ users: 3, uncommitted: 0, imported: 3 });
    const people = z.record(
      z.string(),
      z.looseObject({ keyless: z.object({ id: z.string(), enrolled: z.boolean() }) }),
    );
    const { ada } = people.parse(up.json.outputs["people"]);
    expect(ada?.keyless).toEqual({ id: await idOf("ada"), enrolled: true });

    tenant.clearJournal();
    const again = await project.authn("up");
    expect(again.json.changes).toEqual({ create: 0, update: 0, replace: 0, delete: 0, same: 3 });
    expect(tenant.journal()).toEqual([]);

    // Two requests each.
    expect((await project.authn("refresh")).json.changes).toMatchObject({ same: 3, update: 0, delete: 0 });
    expect(tenant.journal()).toHaveLength(6);

    await refusesOthersNames();
    await refusesWrongServices();
    await replacesOrUpdates();

    const destroy = await project.authn("destroy");
    expect(destroy.code, destroy.said).toBe(0);
    expect(keyless()).toEqual({ users: 0, uncommitted: 0, imported: 0 });
  });

  it("fail alone where the agent refuses a portrait, with its reason and the file; another portrait mends it", async () => {
    await project.write("people/faces/alan.jpg", blankImage());
    const up = await project.authn("up");
    expect(up.code).toBe(1);
    expect(up.said).toContain("Filter Triggered");
    expect(up.said).toContain("people/faces/alan.jpg");
    expect(up.said).toContain("alan in people/people.yaml");
    expect(keyless().imported).toBe(2);

    await project.write("people/faces/alan.jpg", portrait(3));
    expect((await project.authn("up")).json.changes).toMatchObject({ create: 1, same: 2 });
    expect((await project.authn("destroy")).code).toBe(0);
    expect(keyless().users).toBe(0);
  });

  it("go on at the import where the network broke after the commit, under the same keylessId", async () => {
    tenant.addFault({ service: "keyless-authentication", method: "POST", path: "/v1/users/*", reset: true, times: 3 });
    const first = await project.authn("up");
    expect(first.code).toBe(1);
    expect(first.said).toContain("step import");
    expect(keyless()).toEqual({ users: 3, uncommitted: 0, imported: 0 });
    const known = [...(await project.state()).matchAll(/"keylessId": "([0-9A-F]+)"/g)].map(([, id]) => id);
    expect(new Set(known).size).toBe(3);

    tenant.clearJournal();
    const second = await project.authn("up");
    expect(second.code, second.said).toBe(0);
    expect(second.json.changes).toMatchObject({ update: 3, create: 0 });
    expect(agentCalls()).toBe(0);
    expect(known).toContain(await idOf("ada"));
    expect(keyless()).toEqual({ users: 3, uncommitted: 0, imported: 3 });
    expect((await project.authn("destroy")).code).toBe(0);
  });

  it("left uncommitted are removed by destroy", async () => {
    tenant.addFault({ service: "keyless-operations", path: "/v2/uncommitted-users/*", status: 500, times: 3 });
    expect((await project.authn("up")).code).toBe(1);
    expect(keyless()).toEqual({ users: 0, uncommitted: 3, imported: 0 });
    const destroy = await project.authn("destroy");
    expect(destroy.code, destroy.said).toBe(0);
    expect(keyless()).toEqual({ users: 0, uncommitted: 0, imported: 0 });
  });
});

/** Usernames that somebody else has are refused before anything is enrolled. */
async function refusesOthersNames(): Promise<void> {
  tenant.clearJournal();
  const up = await project.authn("up", "--stack", "other");
  expect(up.code).toBe(1);
  expect(up.said).toContain("enrolled already");
  expect(agentCalls()).toBe(0);
  expect(keyless().users).toBe(3);
}

/** Nothing is ever sent to a service that isn't the one that its address should be. */
async function refusesWrongServices(): Promise<void> {
  const { operationsUrl, authenticationUrl } = tenant.record.keyless;
  const manifest = (await project.files()).get(`${project.folder}/Pulumi.yaml`) ?? "";
  const swapped = manifest
    .replace(operationsUrl, "SWAP")
    .replace(authenticationUrl, operationsUrl)
    .replace("SWAP", authenticationUrl);
  await project.write("Pulumi.yaml", swapped);
  const refresh = await project.authn("refresh");
  expect(refresh.code, refresh.said).toBe(1);
  expect(refresh.said).toMatch(/keyless:(operations|authentication)Url/);
  expect((await project.authn("destroy")).code).toBe(1);
  await project.write("Pulumi.yaml", manifest);
  expect((await project.authn("up")).json.changes).toMatchObject({ same: 3 });
}

/** Another portrait replaces, the old one first; another external id is taken in place. */
async function replacesOrUpdates(): Promise<void> {
  const before = await idOf("ada");
  await project.write("people/faces/ada.jpg", portrait(7));
  await declare({
    ada: face("ada.jpg"),
    grace: face("grace.png", ", externalUserId: hopper"),
    alan: face("alan.jpg"),
  });
  const preview = await project.authn("preview");
  expect(preview.json.changes).toMatchObject({ replace: 1, update: 1, same: 1 });
  const up = await project.authn("up");
  expect(up.code, up.said).toBe(0);
  expect(up.json.changes).toMatchObject({ replace: 1, update: 1, same: 1 });
  expect(await idOf("ada")).not.toBe(before);
  expect(keyless()).toEqual({ users: 3, uncommitted: 0, imported: 3 });
}
