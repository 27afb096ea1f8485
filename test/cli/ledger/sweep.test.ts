/** What the sweep does to a service: a tenant's, with the entries that a provider process has written. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startTenant, type Tenant } from "../../../emulator/testing.js";
import { createKeyriClient } from "../../../providers/clients.js";
import { lockPath, readLedger } from "../../../providers/host/ledger/index.js";
import { keyriPublicKeyLifecycle } from "../../../providers/keyri/lifecycle.js";
import { accessOf } from "../../../src/cli/ledger/opening.js";
import { settleLedger } from "../../../src/cli/ledger/settlement.js";
import { hosted } from "../../support/hosting.js";
import { type LedgerProject, ledgerProject, scope } from "./_ledger.js";

let tenant: Tenant;
let seed: Buffer;
beforeAll(async () => {
  tenant = await startTenant();
  seed = Buffer.from(tenant.identity.seed, "base64");
});
afterAll(() => tenant.close());
let project: LedgerProject;
beforeEach(async () => {
  project = await ledgerProject(seed);
});
afterEach(async () => {
  await project.remove();
  await tenant.reset();
});

const services = () => ({ KEYRI_URL: tenant.record.keyri.url, KEYRI_TOKEN: tenant.record.keyri.token });
const sweep = (...args: string[]) => project.run(["sweep", ...args], services());
const entries = async () => (await readLedger(project.ledger, seed, scope)).entries.map(({ owner }) => owner.name);
const usernames = async (...names: string[]) => {
  const keyri = createKeyriClient(tenant.record.keyri);
  const counts = await Promise.all(names.map(async (name) => ((await keyri.list(name)).length > 0 ? [name] : [])));
  return counts.flat();
};

/** Made by a provider process that nobody heard of again. @returns what a state would hold */
async function make(username: string, inputs: object = {}) {
  const name = `${username}/phone`;
  const provider = hosted(keyriPublicKeyLifecycle, {
    configuration: {
      "keyri:url": tenant.record.keyri.url,
      "keyri:token": tenant.record.keyri.token,
      "authn:seed": seed.toString("base64"),
      "authn:ledger": join(project.folder, ".authn", "ledger"),
    },
  });
  const owner = { ...scope, type: "KeyriPublicKey", name };
  const { id, outs } = await provider.create({ username, owner, ...inputs });
  // The process that it stands for has ended; this one, whose number is in the lock, lives on.
  await rm(lockPath(project.ledger));
  return { name, id, revision: String(outs["revision"]) };
}

describe("`authn ledger sweep --yes`", () => {
  test("removes from the service what no state holds, and nothing else", async () => {
    await make("ada");
    await project.save([await make("grace")]);
    const said = await sweep("--yes");
    expect(said).toContain("removed KeyriPublicKey ada/phone, which neither state nor declaration holds");
    expect(said).toContain("1 removed");
    expect(await usernames("ada", "grace")).toEqual(["grace"]);
    expect(await project.journals()).toEqual([]);
  });

  test("keeps the entry of what the service would not remove, says why, and removes it the next time", async () => {
    await project.save([]);
    await make("ada");
    await make("grace");
    tenant.addFault({ service: "keyri", method: "DELETE", path: "/keyriKeys", status: 403, times: 1 });
    await expect(sweep("--yes")).rejects.toThrow(
      /KeyriPublicKey (ada|grace)\/phone: .*403.*entries stay in the ledger/s,
    );
    expect(await usernames("ada", "grace")).toHaveLength(1);
    expect(await entries()).toHaveLength(1);
    await sweep("--yes");
    expect(await usernames("ada", "grace")).toEqual([]);
    expect(await project.journals()).toEqual([]);
  });

  test("forgets what is declared to be retained, and leaves it in the service", async () => {
    await project.save([]);
    await make("ada", { onDelete: "retain" });
    expect(await sweep("--yes")).toContain("retained, and forgotten: KeyriPublicKey ada/phone");
    expect(await usernames("ada")).toEqual(["ada"]);
    expect(await project.journals()).toEqual([]);
  });

  test("touches nothing at another service than the one where it was made", async () => {
    await project.save([]);
    await make("ada");
    const other = await startTenant();
    try {
      const elsewhere = { KEYRI_URL: other.record.keyri.url, KEYRI_TOKEN: other.record.keyri.token };
      await expect(project.run(["sweep", "--yes"], elsewhere)).rejects.toThrow(
        new RegExp(`ada/phone was made at ${tenant.record.keyri.url}.*${other.record.keyri.url}`),
      );
    } finally {
      await other.close();
    }
    expect(await entries()).toEqual(["ada/phone"]);
    expect(await usernames("ada")).toEqual(["ada"]);
  });
});

describe("after an operation", () => {
  const settled = async (sweeps: boolean, stack = "dev") => {
    const surroundings = project.surroundings(new PassThrough(), services());
    const options = { stack, fixtures: undefined, parallel: undefined, json: false };
    return await settleLedger(await accessOf(options, surroundings), { sweeps });
  };

  test("that failed, only what the saved state holds is dropped", async () => {
    await make("ada");
    await project.save([await make("grace")]);
    expect(await settled(false)).toEqual({ failures: [], resolved: false });
    expect(await entries()).toEqual(["ada/phone"]);
    expect(await usernames("ada", "grace")).toEqual(["ada", "grace"]);
  });

  test("that succeeded, what could not be removed is a failure that names it", async () => {
    await project.save([]);
    await make("ada");
    tenant.addFault({ service: "keyri", method: "DELETE", path: "/keyriKeys", status: 403, times: 1 });
    const { failures, resolved } = await settled(true);
    expect(failures).toMatchObject([
      { where: "KeyriPublicKey ada/phone, in the ledger", message: expect.stringContaining("403") },
    ]);
    expect(resolved).toBe(false);
    expect(await settled(true)).toEqual({ failures: [], resolved: true });
  });

  test("while another engine is at work on the stack, nothing is touched: that one settles the ledger", async () => {
    await project.save([]);
    await make("ada");
    await project.lock(process.pid);
    expect(await settled(true)).toEqual({ failures: [], resolved: false });
    expect(await usernames("ada")).toEqual(["ada"]);
  });

  test("a stack without a journal has nothing to settle, and its state isn't even looked at", async () => {
    expect(await settled(true)).toEqual({ failures: [], resolved: true });
  });
});
