import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type AllKeys, serveAllKeys } from "../../bench/children/all-keys.mjs";
import { makeProject } from "../../bench/project.mjs";
import { type Request, resourceNames, resources } from "../../bench/resources/index.mjs";
import { startTenant, type Tenant } from "../../emulator/testing.js";

let folder: string;
let tenant: Tenant;
let allKeys: AllKeys;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "authn-bench-test-"));
  allKeys = await serveAllKeys();
  tenant = await startTenant({ baikal: { jwksUrl: allKeys.url, jwksCacheSeconds: 0 } });
  allKeys.follow(tenant);
});

afterEach(async () => {
  await tenant.close();
  allKeys.close();
  await rm(folder, { recursive: true, force: true });
});

/** By the tenant's clock. */
const nowMs = () => Date.now() + tenant.setClock({ advanceMs: 0 }).offsetMs;

const request: Request = async (method, url, { headers = {}, body } = {}) => {
  const content = typeof body === "string" ? body : body && new Uint8Array(body);
  const answer = await fetch(url, { method, headers, ...(content === undefined ? {} : { body: content }) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${text}`);
  return text;
};

test.each(resourceNames)(
  "the plain requests of %s make somebody in the tenant, find them, and leave nothing",
  async (name) => {
    const resource = resources[name];
    const configuration = resource.configuration(tenant);
    await makeProject(folder, { packageFolder: process.cwd(), files: resource.files(["ada", "grace"], undefined) });
    const plain = await resource.plainRequests({ ...configuration, projectFolder: folder, request, nowMs });
    for (const username of ["ada", "grace"]) await plain.create(username);
    expect(resource.count(tenant.state())).toBe(2);
    await plain.refresh("ada");
    for (const username of ["ada", "grace"]) await plain.destroy(username);
    expect(resource.count(tenant.state())).toBe(0);
    await expect(plain.refresh("ada")).rejects.toThrow("ada");
  },
);

test("the plain requests of HankoCredential see everybody in one list, and ask for another once somebody was made", async () => {
  const resource = resources.HankoCredential;
  const configuration = resource.configuration(tenant);
  const plain = await resource.plainRequests({ ...configuration, projectFolder: folder, request, nowMs });
  const listsFor = async (usernames: readonly string[]) => {
    tenant.clearJournal();
    await Promise.all(usernames.map((username) => plain.refresh(username)));
    return tenant.journal().length;
  };
  const first = Array.from({ length: 100 }, (_, index) => `ada-${index}`);
  for (const username of first) await plain.create(username);
  expect(await listsFor(first)).toBe(1);
  await plain.create("grace");
  expect(await listsFor([...first, "grace"])).toBe(2);
});

test("the plain requests of BaikalClientKeys prove each key that is to sign, also when the clock has moved a period on", async () => {
  const resource = resources.BaikalClientKeys;
  const configuration = resource.configuration(tenant);
  const plain = await resource.plainRequests({ ...configuration, projectFolder: folder, request, nowMs });
  const names = ["ada", "grace"];
  for (const name of names) await plain.create(name);
  for (let step = 1; step <= 2; step += 1) {
    tenant.setClock({ advanceMs: resource.dueAfterMs ?? Number.NaN });
    for (const name of names) await plain.dueStep?.(name);
    for (const name of names) await plain.refresh(name);
  }
  expect(tenant.state().baikal.proofs).toEqual({ accepted: 6, rejected: 0 });
});

test("what the authserver fetches of all rings is told apart from what they were asked, and has no ring that has gone", async () => {
  const resource = resources.BaikalClientKeys;
  const configuration = resource.configuration(tenant);
  const plain = await resource.plainRequests({ ...configuration, projectFolder: folder, request, nowMs });
  const kids = async () => {
    const { keys } = JSON.parse(await request("GET", allKeys.url));
    return keys.length;
  };
  for (const name of ["ada", "grace"]) await plain.create(name);
  expect(await kids()).toBe(4);
  // PUT, GET and grant each, and discovery once.
  const entries = tenant.journal();
  expect(entries.length - allKeys.takeOwn(entries)).toBe(7);
  await plain.destroy("ada");
  // Whoever clears the journal takes nothing away from the next look.
  allKeys.takeOwn(tenant.journal());
  tenant.clearJournal();
  expect(await kids()).toBe(2);
});

test("the secrets of a configuration stand apart from its addresses, so that no note of the report shows them", () => {
  for (const name of resourceNames) {
    const { settings, secrets } = resources[name].configuration(tenant);
    expect(Object.keys(settings).filter((key) => /token|secret|apiKey|seed/i.test(key))).toEqual([]);
    expect(Object.keys(secrets).filter((key) => !/token|secret|apiKey|seed/i.test(key))).toEqual([]);
  }
});

test("pictures are of the size that is asked for, one for each person, and the agent takes small and large ones", async () => {
  const { agentUrl } = tenant.record.keyless;
  for (const bytes of [20_000, 2_000_000]) {
    const files = [...resources.KeylessUser.files(["ada", "grace"], bytes)];
    expect(files.map(({ content }) => content.length)).toEqual([bytes, bytes]);
    expect(files[0]?.content.equals(files[1]?.content ?? Buffer.of())).toBe(false);
    for (const { content } of files)
      await request("POST", `${agentUrl}/v1/offline-enrollment`, {
        headers: { scenario: "SELFIE", "content-type": "image/jpeg" },
        body: content,
      });
  }
});
