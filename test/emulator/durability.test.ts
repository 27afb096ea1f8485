import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ClassicLevel } from "classic-level";
import { expect, onTestFinished, test } from "vitest";
import { startTenant, type TenantIdentity, type TenantRecord } from "../../emulator/testing.js";
import { call, device, login, StillClock, temporaryFolder, tenantFor } from "./_setup.js";

interface Started {
  readonly child: ChildProcess;
  readonly record: TenantRecord;
  readonly identity: TenantIdentity;
}

/** A tenant in a process of its own; it comes from the build, as users have it. */
async function tenantProcess(storeDirectory: string): Promise<Started> {
  const child = fork(fileURLToPath(new URL("_durable-tenant.mjs", import.meta.url)), [storeDirectory]);
  onTestFinished(() => void child.kill("SIGKILL"));
  const told: Omit<Started, "child"> = (await once(child, "message"))[0];
  return { child, ...told };
}

test("kill -9 in the midst of registrations loses none that was acknowledged", async () => {
  const storeDirectory = await temporaryFolder();
  const pubKeys = Array.from({ length: 20 }, () => device().pubKey);
  const acknowledged = new Set<string>();
  let identity: TenantIdentity | undefined;
  for (let round = 0; round < 3; round++) {
    const { child, record, identity: told } = await tenantProcess(storeDirectory);
    identity ??= told;
    expect(told).toEqual(identity);
    const killed = once(child, "exit");
    const goal = acknowledged.size + 60;
    const clients = Array.from({ length: 16 }, async (_, client) => {
      for (let n = 0; ; n++) {
        const username = `user-${round}-${client}-${n}`;
        const answer = await call(record.keyri, "POST", "/keyriRegistration", {
          pubKey: pubKeys[n % 20],
          username,
        }).catch(() => undefined);
        if (answer?.status !== 200) return;
        acknowledged.add(username);
        if (acknowledged.size === goal) child.kill("SIGKILL");
      }
    });
    await Promise.all(clients);
    await killed;
  }
  const survivor = await tenantFor({ storeDirectory });
  expect(acknowledged.size).toBeGreaterThanOrEqual(180);
  expect(survivor.state().keyri.keys).toBeGreaterThanOrEqual(acknowledged.size);
  for (const username of acknowledged)
    expect((await call(survivor.record.keyri, "GET", `/keyriKeys?username=${username}`)).body).toHaveLength(1);
});

test("a restart keeps keys, identity, tokens, clock and used data", async () => {
  const clock = new StillClock();
  const storeDirectory = join(await temporaryFolder(), "made", "by", "it");
  const phone = device();
  const payload = login("Ада / 🙂", phone, `${clock.ms + 5_000}_1`);
  const first = await startTenant({ storeDirectory, clock });
  first.setClock({ advanceMs: 5_000 });
  await call(first.record.keyri, "POST", "/keyriRegistration", { pubKey: phone.pubKey, username: payload.username });
  expect((await call(first.record.keyri, "POST", "/keyriLogin", payload)).status).toBe(200);
  await first.close();

  const second = await tenantFor({ storeDirectory, clock });
  expect(second.identity).toEqual(first.identity);
  expect(second.record.admin.token).toBe(first.record.admin.token);
  expect(second.record.keyri.token).toBe(first.record.keyri.token);
  expect(second.setClock({ advanceMs: 0 })).toEqual({ now: "2026-01-02T03:04:10.000Z", offsetMs: 5_000 });
  expect(second.state().keyri).toEqual({ keys: 1 });
  expect((await call(second.record.keyri, "POST", "/keyriLogin", payload)).body).toEqual({
    message: "This data was used before",
  });
});

test("what was deleted or reset stays gone after a restart", async () => {
  const storeDirectory = await temporaryFolder();
  const { pubKey } = device();
  const first = await startTenant({ storeDirectory });
  for (const username of ["ada", "bob"])
    await call(first.record.keyri, "POST", "/keyriRegistration", { pubKey, username });
  await call(first.record.keyri, "DELETE", "/keyriKeys", { pubKey, username: "ada" });
  await first.close();
  const second = await startTenant({ storeDirectory });
  expect(second.state().keyri).toEqual({ keys: 1 });
  await second.reset();
  await second.close();
  const third = await tenantFor({ storeDirectory });
  expect(third.state().keyri).toEqual({ keys: 0 });
  expect(third.identity).toEqual(first.identity);
});

test("two tenants in memory know nothing of each other, and share neither tokens nor identity", async () => {
  const [one, other] = [await tenantFor(), await tenantFor()];
  await call(one.record.keyri, "POST", "/keyriRegistration", { pubKey: device().pubKey, username: "ada" });
  expect(other.state().keyri).toEqual({ keys: 0 });
  expect(one.identity.id).not.toBe(other.identity.id);
  expect(one.identity.seed).not.toBe(other.identity.seed);
  expect(Buffer.from(one.identity.seed, "base64")).toHaveLength(32);
  expect(new Set([one, other].flatMap(({ record }) => [record.admin.token, record.keyri.token])).size).toBe(4);
});

test("a second tenant on the same store is refused, in this process or another, and the first goes on", async () => {
  const storeDirectory = await temporaryFolder();
  const { record } = await tenantProcess(storeDirectory);
  await expect(startTenant({ storeDirectory })).rejects.toThrow(
    /Another embedded tenant is using the store .*\. Stop that one first/,
  );
  expect((await call(record.admin, "GET", "/state")).status).toBe(200);
  const own = await temporaryFolder();
  await tenantFor({ storeDirectory: own });
  await expect(startTenant({ storeDirectory: own })).rejects.toThrow(/Another embedded tenant is using the store/);
});

test("the store's folder is its owner's alone", async () => {
  const storeDirectory = join(await temporaryFolder(), "store");
  await mkdir(storeDirectory, { mode: 0o755 });
  await chmod(storeDirectory, 0o755);
  await tenantFor({ storeDirectory });
  expect((await stat(storeDirectory)).mode & 0o777).toBe(0o700);
});

test("a folder that holds something else is refused and left as it is", async () => {
  const storeDirectory = await temporaryFolder();
  await writeFile(join(storeDirectory, "thesis.txt"), "precious");
  await chmod(storeDirectory, 0o755);
  await expect(startTenant({ storeDirectory })).rejects.toThrow(
    /is not an embedded tenant's store: it holds "thesis.txt"/,
  );
  expect((await stat(storeDirectory)).mode & 0o777).toBe(0o755);
  await expect(startTenant({ storeDirectory: join(storeDirectory, "thesis.txt") })).rejects.toThrow(
    /can't be used for the embedded tenant's store/,
  );
});

test("a corrupt store is an error that names the folder and the way out", async () => {
  const storeDirectory = await temporaryFolder();
  await (await startTenant({ storeDirectory })).close();
  await writeFile(join(storeDirectory, "CURRENT"), "garbage\n");
  await expect(startTenant({ storeDirectory })).rejects.toMatchObject({
    problem: "store",
    message: expect.stringMatching(`store ${storeDirectory} can't be read .*delete it to begin with an empty tenant`),
  });
});

test.each([
  ["no JSON", "{"],
  ["of another shape", '{"keys":[{"pubKey":7}]}'],
])("a stored row that is %s is an error, not a guess, and its value isn't shown", async (_what, row) => {
  const storeDirectory = await temporaryFolder();
  await (await startTenant({ storeDirectory })).close();
  await writeDirectly(storeDirectory, "keyri-users", "ada", row);
  await expect(startTenant({ storeDirectory })).rejects.toThrow(
    /store is corrupt \(.*keyri-users.*\)\. Put its folder back/,
  );
  // The failed start let go of it.
  await writeDirectly(storeDirectory, "keyri-users", "ada", '{"keys":[]}');
  await tenantFor({ storeDirectory });
});

test("a store of another format is refused with its number", async () => {
  const storeDirectory = await temporaryFolder();
  await (await startTenant({ storeDirectory })).close();
  await writeDirectly(storeDirectory, "meta", "format", "9");
  await expect(startTenant({ storeDirectory })).rejects.toThrow(/has format 9, this version reads 1/);
});

async function writeDirectly(directory: string, table: string, key: string, value: string): Promise<void> {
  const level = new ClassicLevel(directory);
  await level.sublevel(table).put(key, value);
  await level.close();
}
