/** Which state a host's engine writes, where nothing tells it but what the engine itself goes by. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { stateAddress } from "../../../../providers/host/ledger/address.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "authn-address-"));
});
afterEach(() => rm(folder, { recursive: true }));

const login = async (current: string) => {
  await mkdir(join(folder, "home"), { recursive: true });
  await writeFile(
    join(folder, "home", "credentials.json"),
    JSON.stringify({ current, accessTokens: { [current]: "" } }),
  );
};
const project = (text: string) => writeFile(join(folder, "Pulumi.yaml"), text);
const address = (environment: Readonly<Record<string, string>> = {}) =>
  stateAddress({ PULUMI_HOME: join(folder, "home"), ...environment }, folder);

test("the environment counts before the project, and the project before the login", async () => {
  await login("file://~");
  await project("name: shop\n");
  expect(await address()).toBe("file://~");
  await project("name: shop\nbackend: { url: 's3://states' }\n");
  expect(await address()).toBe("s3://states");
  expect(await address({ PULUMI_BACKEND_URL: "postgres://here/state" })).toBe("postgres://here/state");
});

test("where nobody is logged in, or what is there can't be read, nobody can tell", async () => {
  expect(await address()).toBeUndefined();
  await project("backend: [");
  await login("");
  expect(await address()).toBeUndefined();
});

test("the login is read where the engine keeps its credentials, if that is elsewhere", async () => {
  await login("file://~");
  await mkdir(join(folder, "credentials"));
  await writeFile(join(folder, "credentials", "credentials.json"), JSON.stringify({ current: "s3://states" }));
  expect(await address({ PULUMI_CREDENTIALS_PATH: join(folder, "credentials") })).toBe("s3://states");
  expect(await address()).toBe("file://~");
});
