import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeProject } from "../../bench/project.mjs";
import { type Request, resourceNames, resources } from "../../bench/resources/index.mjs";
import { startTenant, type Tenant } from "../../emulator/testing.js";

let folder: string;
let tenant: Tenant;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "authn-bench-test-"));
  tenant = await startTenant();
});

afterEach(async () => {
  await tenant.close();
  await rm(folder, { recursive: true, force: true });
});

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
    const plain = await resource.plainRequests({ ...configuration, projectFolder: folder, request });
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
  const plain = await resource.plainRequests({ ...resource.configuration(tenant), projectFolder: folder, request });
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

test("the secrets of a configuration stand apart from its addresses, so that no note of the report shows them", () => {
  for (const name of resourceNames) {
    const { settings, secrets } = resources[name].configuration(tenant);
    expect(Object.keys(settings).filter((key) => /token|apiKey|seed/i.test(key))).toEqual([]);
    expect(Object.keys(secrets).filter((key) => !/token|apiKey|seed/i.test(key))).toEqual([]);
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
