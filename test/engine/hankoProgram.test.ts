/** Passkeys declared by a program of a user's own on the real engine: two accounts of different generations, and secret inputs of any kind. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { startTenant, type Tenant } from "../../emulator/testing.js";
import { AuthnProvider, HankoCredential } from "../../src/index.js";
import { ownProgramStack } from "./_ownProgram.js";
import { createProject, type Project } from "./_project.js";

let tenant: Tenant;
let project: Project;
beforeAll(async () => {
  tenant = await startTenant();
});
afterAll(() => tenant.close());
afterEach(async () => {
  await project.remove();
  await tenant.reset();
});

/** A stack in the project's folder, on the Passkey API, run by the Automation API. */
async function stackOf(program: () => Promise<Record<string, unknown>>): Promise<Stack> {
  project = await createProject({ name: "own" });
  const stack = await ownProgramStack(project.folder, program);
  const { rpId, origin, passkey } = tenant.record.hanko;
  const settings = Object.entries({ rpId, origin, ...passkey }).map(([key, value]) => {
    return [`hanko:${key}`, { value, secret: key === "apiKey" }] as const;
  });
  const seed = { value: tenant.identity.seed, secret: true };
  // In one run of the engine.
  await stack.setAllConfig({ ...Object.fromEntries(settings), "authn:seed": seed });
  return stack;
}

const stateFile = () => readFile(join(project.folder, "state", ".pulumi", "stacks", "own", "own.json"), "utf8");

it("a name, an origin and a user that the program holds as secrets stand nowhere in the state, whatever they were made of", async () => {
  const { origin } = tenant.record.hanko;
  const stack = await stackOf(async () => {
    const { browser } = new HankoCredential("ada/laptop", {
      userId: pulumi.secret("user-canary-11"),
      username: pulumi.secret("username-canary-12"),
      name: pulumi.secret("name-canary-13"),
      origin: pulumi.secret(origin),
    });
    return { browser };
  });
  const { outputs } = await stack.up();
  expect(outputs["browser"]).toMatchObject({ secret: true, value: { devTools: { userName: "username-canary-12" } } });
  await stack.refresh();
  const handle = Buffer.from("user-canary-11").toString("base64url");
  const kept = await stateFile();
  for (const secret of ["user-canary-11", handle, "username-canary-12", "name-canary-13"])
    expect(kept).not.toContain(secret);
  expect((await stack.up()).summary.resourceChanges).toEqual({ same: 2 });
  await stack.destroy();
  expect(tenant.state().hanko.passkeyCredentials).toBe(0);
});

it("one program has passkeys on both generations, the other one's by an explicit provider", async () => {
  const { rpId, origin, authentication } = tenant.record.hanko;
  const stack = await stackOf(async () => {
    const api = "authentication";
    const original = new AuthnProvider("original", { hanko: { api, rpId, origin, ...authentication } });
    const ada = { userId: "ada", username: "ada" };
    const mine = new HankoCredential("mine", ada);
    const theirs = new HankoCredential("theirs", ada, { provider: original });
    return { mine: mine.credentialId, theirs: theirs.credentialId };
  });
  const { outputs } = await stack.up();
  expect(outputs["mine"]?.value).not.toBe(outputs["theirs"]?.value);
  expect(tenant.state().hanko).toEqual({ passkeyCredentials: 1, authenticationCredentials: 1 });
  await stack.refresh();
  expect((await stack.up()).summary.resourceChanges).toEqual({ same: 4 });
  for (const secret of [authentication.apiSecret, tenant.record.hanko.passkey.apiKey, tenant.identity.seed])
    expect(await stateFile()).not.toContain(secret);
  await stack.destroy();
  expect(tenant.state().hanko).toEqual({ passkeyCredentials: 0, authenticationCredentials: 0 });
});
