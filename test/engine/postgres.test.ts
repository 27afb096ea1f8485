/** A state in PostgreSQL, on the real engine and a real server: made, found again, gone on with after a kill, locked, taken down. */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startTenant, type Tenant } from "../../emulator/testing.js";
import { killWithDescendants } from "./_killed.js";
import { type PostgresServer, programs, startPostgres } from "./_postgres.js";
import { createProject, type Project, peopleYaml, phone, type Ran } from "./_project.js";

const STALL_MS = 300_000;

// On a machine without the server they are left out; where every part must be, they fail.
describe.skipIf(programs === undefined && process.env["CI"] !== "true")("a state in PostgreSQL", () => {
  let tenant: Tenant;
  let server: PostgresServer;
  let project: Project;
  const password = "pass%word/of:the@server";
  beforeAll(async () => {
    [tenant, server] = await Promise.all([startTenant(), startPostgres(password)]);
    project = await createProject({
      // No run may give up on the service that is held up here, however slow the machine.
      config: {
        "keyri:url": tenant.record.keyri.url,
        "authn:ledger": "ledger",
        "authn:timeoutMs": String(STALL_MS),
      },
      fixtures: peopleYaml({ ada: phone, grace: phone }),
      environment: {
        KEYRI_TOKEN: tenant.record.keyri.token,
        AUTHN_SEED: tenant.identity.seed,
        PULUMI_BACKEND_URL: server.backendUrl,
        PULUMI_CONFIG_PASSPHRASE: "passphrase",
      },
    });
  });
  afterAll(async () => {
    await project.remove();
    await Promise.all([server.stop(), tenant.close()]);
  });
  afterEach(() => tenant.clearFaults());

  /** Whatever a command says, it says no password. */
  const authn = async (...args: string[]): Promise<Ran> => checked(await project.authn(...args));
  const checked = (ran: Ran): Ran => {
    for (const text of [password, encodeURIComponent(password)]) expect(ran.said).not.toContain(text);
    return ran;
  };
  const keys = () => tenant.state().keyri.keys;

  it("holds what `up` makes: the next one changes nothing, and the outputs are read from it", async () => {
    const up = await authn("up");
    expect(up.code, up.said).toBe(0);
    expect(up.json.changes).toMatchObject({ create: 2 });
    expect(up.said).toMatch(/^state {3}postgres:\/\/\/postgres$/m);
    expect((await authn("up")).json.changes).toEqual({ create: 0, update: 0, replace: 0, delete: 0, same: 2 });
    const outputs = await authn("outputs");
    expect(Object.keys(outputs.json.outputs["people"] ?? {})).toEqual(["ada", "grace"]);
    // Nothing of it lies on this machine, but for what the ledger keeps until the state has it.
    const files = [...(await project.files()).keys()].filter((path) => path.includes(join(".pulumi", "stacks")));
    expect(files).toEqual([]);
  });

  it("is locked while an operation runs; one that was killed leaves a lock that the next one sees through", async () => {
    await project.write("people/people.yaml", peopleYaml({ ada: phone, grace: phone, alan: phone, edsger: phone }));
    tenant.addFault({
      service: "keyri",
      method: "POST",
      path: "/keyriRegistration",
      when: "after",
      delayMs: STALL_MS,
      times: 0,
    });
    const running = project.start("up");
    let ended = false;
    void running.ended.then(() => {
      ended = true;
    });
    // Both stand in the service by then, and nobody was told.
    while (keys() !== 4 && !ended) await sleep(20);
    const second = await authn("up");
    expect(second.code).toBe(1);
    expect(second.said).toContain("locked by");

    killWithDescendants(running.pid);
    checked(await running.ended);
    tenant.clearFaults();
    const next = await authn("up");
    expect(next.code, next.said).toBe(0);
    expect(next.said).toContain("removed the lock that a dead operation left");
    expect(next.json.changes).toMatchObject({ same: 2 });
    expect(keys()).toBe(4);
  });

  it("is empty after destroy, and gone with its stack", async () => {
    const destroy = await authn("destroy", "--remove");
    expect(destroy.code, destroy.said).toBe(0);
    expect(keys()).toBe(0);
  });
});
