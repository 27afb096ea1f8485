/** Several stacks, several accounts, another version of the package: who is told apart from whom. */
import { cp, mkdir, readFile, rm, symlink, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startTenant, type Tenant } from "../../emulator/testing.js";
import { createKeyriClient } from "../../providers/clients.js";
import { AuthnProvider, KeyriPublicKey } from "../../src/index.js";
import { ownProgramStack } from "./_ownProgram.js";
import { createProject, type Project, peopleYaml, phone } from "./_project.js";

const repository = fileURLToPath(new URL("../..", import.meta.url));

let tenant: Tenant;
beforeAll(async () => {
  tenant = await startTenant();
});
afterAll(() => tenant.close());
let project: Project;
afterEach(async () => {
  await project.remove();
  await tenant.reset();
});

const newProject = async (fixtures = peopleYaml({ ada: phone, grace: phone })) => {
  project = await createProject({
    config: { "keyri:url": tenant.record.keyri.url },
    fixtures,
    environment: { KEYRI_TOKEN: tenant.record.keyri.token, AUTHN_SEED: tenant.identity.seed },
  });
};

describe("two stacks on one tenant", () => {
  it("never share a key, and one is destroyed without touching the other; a new one works at once", async () => {
    await newProject();
    expect((await project.authn("up")).code).toBe(0);
    const up = await project.authn("up", "--stack", "pr-12");
    expect(up.code, up.said).toBe(0);
    expect(up.json.changes).toMatchObject({ create: 2 });
    const keyri = createKeyriClient(tenant.record.keyri);
    expect(new Set(await keyri.list("ada")).size).toBe(2);
    expect((await project.authn("destroy", "--stack", "pr-12", "--remove")).code).toBe(0);
    expect(await keyri.list("ada")).toHaveLength(1);
    expect((await project.authn("up")).json.changes).toMatchObject({ same: 2 });
  });
});

describe("another version of the package", () => {
  it("in another place leaves every resource unchanged, and serves what the older one made", async () => {
    await newProject();
    expect((await project.authn("up")).code).toBe(0);
    const copy = join(project.folder, "newer");
    await mkdir(copy);
    await cp(join(repository, "dist"), join(copy, "dist"), { recursive: true });
    const manifest = await readFile(join(repository, "package.json"), "utf8");
    await writeFile(join(copy, "package.json"), manifest.replace(/"version": "[^"]+"/, '"version": "99.0.0"'));
    await symlink(join(repository, "node_modules"), join(copy, "node_modules"), "dir");
    await unlink(join(project.folder, "node_modules", "pulumi-authn"));
    await symlink(copy, join(project.folder, "node_modules", "pulumi-authn"), "dir");
    tenant.clearJournal();
    const up = await project.authn("up");
    expect(up.code, up.said).toBe(0);
    expect(up.json.changes).toEqual({ create: 0, update: 0, replace: 0, delete: 0, same: 2 });
    expect(tenant.journal()).toEqual([]);
    expect((await project.authn("destroy")).code).toBe(0);
    expect(tenant.state().keyri.keys).toBe(0);
  });
});

describe("an explicit provider instance", () => {
  it("is a second account beside the stack's own, in one program of a user's own", async () => {
    await newProject();
    const second = await startTenant();
    const stack = await ownProgram(async () => {
      const staging = new AuthnProvider("staging", { keyri: second.record.keyri });
      const mine = new KeyriPublicKey("mine", { username: "ada" });
      const theirs = new KeyriPublicKey("theirs", { username: "ada" }, { provider: staging });
      return { mine: mine.publicKey, theirs: theirs.publicKey, secret: theirs.privateKey };
    });
    const { outputs } = await stack.up();
    expect(outputs["secret"]?.secret).toBe(true);
    expect(await createKeyriClient(tenant.record.keyri).list("ada")).toEqual([outputs["mine"]?.value]);
    expect(await createKeyriClient(second.record.keyri).list("ada")).toEqual([outputs["theirs"]?.value]);
    const again = await stack.up();
    expect(again.summary.resourceChanges?.["update"] ?? 0).toBe(0);
    const kept = await readFile(join(project.folder, "state", ".pulumi", "stacks", "own", "own.json"), "utf8");
    expect(kept).toContain("theirs");
    for (const secret of [second.record.keyri.token, tenant.record.keyri.token, tenant.identity.seed])
      expect(kept).not.toContain(secret);
    await stack.destroy();
    expect([tenant.state().keyri.keys, second.state().keyri.keys]).toEqual([0, 0]);
    await second.close();
  });

  it("forced by the engine to be replaced, each key stands once afterwards", async () => {
    await newProject();
    const stack = await ownProgram(async () => ({ key: new KeyriPublicKey("mine", { username: "ada" }).publicKey }));
    const first = await stack.up();
    const up = await stack.up({ replace: ["**::mine"] });
    expect(up.summary.resourceChanges?.["replace"]).toBe(1);
    expect(up.outputs["key"]?.value).toBe(first.outputs["key"]?.value);
    expect(tenant.state().keyri.keys).toBe(1);
    await stack.destroy();
  });
});

/** A stack of a program written by a user of the package, run by the Automation API in the project's folder. */
async function ownProgram(program: () => Promise<Record<string, unknown>>): Promise<Stack> {
  await rm(join(project.folder, "Pulumi.yaml"));
  await writeFile(join(project.folder, "Pulumi.yaml"), "name: own\nruntime: nodejs\n");
  const stack = await ownProgramStack(project.folder, program);
  await stack.setConfig("keyri:url", { value: tenant.record.keyri.url });
  await stack.setConfig("keyri:token", { value: tenant.record.keyri.token, secret: true });
  await stack.setConfig("authn:seed", { value: tenant.identity.seed, secret: true });
  return stack;
}
