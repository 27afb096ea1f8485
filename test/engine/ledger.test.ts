/** What a killed operation leaves, on the real engine: the next one takes it over or removes it, and nothing stands twice or for ever. */
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startTenant, type Tenant } from "../../emulator/testing.js";
import { KeyriPublicKey } from "../../src/index.js";
import { ownProgramStack } from "./_ownProgram.js";
import { createProject, type Project, peopleYaml, phone } from "./_project.js";

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

const everyone = { ada: phone, grace: phone, alan: phone };
const newProject = async () => {
  project = await createProject({
    config: { "keyri:url": tenant.record.keyri.url },
    fixtures: peopleYaml(everyone),
    environment: { KEYRI_TOKEN: tenant.record.keyri.token, AUTHN_SEED: tenant.identity.seed },
  });
};
const keys = () => tenant.state().keyri.keys;
const done = async (...args: string[]) => {
  const ran = await project.authn(...args);
  expect(ran.code, ran.said).toBe(0);
  return ran;
};
const registrations = () => tenant.journal().filter(({ path, write }) => write && path === "/keyriRegistration").length;

/** Every process of the operation at once, in the moment in which the service has done its part and nobody was told. */
async function killed(
  args: readonly string[],
  fault: { readonly method: string; readonly path: string },
  left: number,
) {
  tenant.addFault({ service: "keyri", ...fault, when: "after", delayMs: 60_000, times: 0 });
  const running = project.start(...args);
  let ended = false;
  void running.ended.then(() => {
    ended = true;
  });
  while (keys() !== left && !ended) await sleep(20);
  for (const pid of [running.pid, ...descendants(running.pid)]) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended with the one before.
    }
  }
  const { said } = await running.ended;
  expect(keys(), said).toBe(left);
  tenant.clearFaults();
  return said;
}

function descendants(pid: number): readonly number[] {
  const table = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
  const pairs = table.split("\n").map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent: number): readonly number[] =>
    pairs.flatMap(([child = 0, of]) => (of === parent ? [child, ...below(child)] : []));
  return below(pid);
}

const register = { method: "POST", path: "/keyriRegistration" };

describe("after kill -9 of everything", () => {
  it("the next up takes over what is declared still and removes the rest; another seed is refused before that", async () => {
    await newProject();
    expect(await killed(["up"], register, 3)).toContain("no checkpoints while it runs: the ledger in");
    expect(await project.state()).not.toContain("KeyriPublicKey");

    project.set({ AUTHN_SEED: randomBytes(32).toString("base64") });
    const refused = await project.authn("up");
    expect(refused.code, refused.said).toBe(1);
    expect(refused.said).toContain("another authn:seed");
    project.set({ AUTHN_SEED: tenant.identity.seed });
    expect([keys(), registrations()]).toEqual([3, 3]);

    await project.write("people/people.yaml", peopleYaml({ ada: phone, grace: phone }));
    const up = await done("up");
    expect(up.said).toMatch(/removed KeyriPublicKey alan\/phone .*its create was cut off at step register/);
    expect([keys(), registrations()]).toEqual([2, 3]);
    expect((await done("ledger", "status")).said).toContain('"journals":[]');

    const remove = { method: "DELETE", path: "/keyriKeys" };
    await killed(["destroy"], remove, 0);
    expect(await project.state()).toContain("KeyriPublicKey");
    expect((await done("destroy", "--remove")).said).toContain("removed stack dev");
    await expect(project.state()).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("destroy removes what no state has ever held", async () => {
    await newProject();
    await killed(["up"], register, 3);
    const destroy = await done("destroy", "--remove");
    expect(destroy.said.match(/removed KeyriPublicKey/g)).toHaveLength(3);
    expect(destroy.said).toContain("removed stack dev");
    expect(keys()).toBe(0);
  });

  it("with checkpoints, the engine's mark of unfinished creates goes once they are taken over", async () => {
    await newProject();
    await killed(["up", "--checkpoints"], register, 3);
    expect(await project.state()).toContain("pending_operations");
    const up = await done("up", "--checkpoints");
    expect(up.said).toContain("cleared the engine's mark of 3 create(s)");
    expect([keys(), registrations()]).toEqual([3, 3]);
    expect(await project.state()).not.toContain("pending_operations");
    expect((await done("up")).said).not.toContain("was cut off");
  });
});

describe("a stack of plain `pulumi`", () => {
  it("has a ledger too: what its state lost is listed, and removed when asked", async () => {
    await newProject();
    await rm(join(project.folder, "Pulumi.yaml"));
    await writeFile(join(project.folder, "Pulumi.yaml"), "name: own\nruntime: nodejs\n");
    const stack = await ownProgramStack(project.folder, async () => ({
      key: new KeyriPublicKey("mine", { username: "ada" }).publicKey,
    }));
    await stack.setConfig("keyri:url", { value: tenant.record.keyri.url });
    await stack.setConfig("keyri:token", { value: tenant.record.keyri.token, secret: true });
    await stack.setConfig("authn:seed", { value: tenant.identity.seed, secret: true });
    const file = join(project.folder, "state", ".pulumi", "stacks", "own", "own.json");
    const before = await readFile(file, "utf8");
    await stack.up();
    project.set({
      PULUMI_BACKEND_URL: `file://${join(project.folder, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "passphrase",
      KEYRI_TOKEN: undefined,
      AUTHN_SEED: undefined,
    });
    const ledger = (...args: string[]) => done("ledger", ...args, "--stack", "own");
    expect((await ledger("status")).said).toContain('"confirmed":1,"pending":{},"unresolved":{}');
    expect((await ledger("sweep")).said).toContain('"unheld":[]');

    // What a crash without checkpoints leaves.
    await writeFile(file, before);
    expect((await ledger("status")).said).toContain('"unresolved":{"done":1}');
    expect((await ledger("sweep")).said).toContain('"name":"mine"');
    expect(keys()).toBe(1);
    expect((await ledger("sweep", "--yes")).said).toContain("removed KeyriPublicKey mine");
    expect(keys()).toBe(0);
    expect((await ledger("status")).said).toContain('"journals":[]');
  });
});
