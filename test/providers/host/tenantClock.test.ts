/** What speaks to the embedded tenant goes by the tenant's clock: by real time its services would refuse what it signs. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startTenant, type Tenant } from "../../../emulator/testing.js";
import { adapt } from "../../../providers/host/adapter.js";
import { realDependencies } from "../../../providers/host/dependencies.js";
import { openSession } from "../../../providers/host/session.js";
import { keyriPublicKeyLifecycle } from "../../../providers/keyri/lifecycle.js";

const YEAR_MS = 365 * 86_400_000;
let home: string;
let tenant: Tenant;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "authn-clock-"));
  tenant = await startTenant();
});
afterEach(async () => {
  await tenant.close();
  await rm(home, { recursive: true });
});

const host = () => ({
  environment: { AUTHN_HOME: home },
  workingDirectory: home,
  enter: () => () => undefined,
  operation: { id: "operation", pid: 0 },
  ledgers: new Map(),
  dependencies: realDependencies(),
});
const owner = { project: "p", stack: "s", type: "KeyriPublicKey", name: "ada/phone" };

async function recorded(clock: object): Promise<void> {
  const record = { pid: process.pid, identity: tenant.identity, ...tenant.record, ...clock };
  await writeFile(join(home, "tenant.json"), JSON.stringify(record));
}
async function created(configuration: Readonly<Record<string, string>>): Promise<unknown> {
  const provider = adapt(keyriPublicKeyLifecycle, host());
  await provider.configure({ config: { get: (key) => configuration[key] } });
  const { inputs = {} } = await provider.check({}, { username: "ada", owner });
  return (await provider.create(inputs)).outs["proven"];
}

describe("the embedded tenant's clock", () => {
  it("is the provider's too: a login proof is taken though it was moved by a year", async () => {
    for (const offsetMs of [YEAR_MS, -YEAR_MS]) {
      tenant.setClock({ offsetMs });
      await recorded({ clock: { offsetMs } });
      expect(await created({ "authn:tenant": "embedded" })).toBe(true);
    }
  });

  it("is what makes it so: by real time the proof is refused", async () => {
    tenant.setClock({ offsetMs: YEAR_MS });
    await recorded({});
    await expect(created({ "authn:tenant": "embedded" })).rejects.toThrow(/timestamp in data is more than 60 seconds/);
  });

  it("has no part in a service at an address of its own", async () => {
    await recorded({ clock: { offsetMs: YEAR_MS } });
    const { url, token } = tenant.record.keyri;
    const own = { "authn:tenant": "embedded", "keyri:url": url, "keyri:token": token };
    expect(await created(own)).toBe(true);
    const opened = openSession(keyriPublicKeyLifecycle, host());
    opened.configure((key) => Object.entries(own).find(([name]) => name === key)?.[1]);
    expect(Math.abs(opened.nowMs() - Date.now())).toBeLessThan(YEAR_MS / 2);
  });
});
