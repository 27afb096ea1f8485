import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { commandLine } from "../../src/cli/command-line.js";
import { type Home, homeOf, makeHome } from "../../src/cli/home.js";
import { type StartTenant, useTenant } from "../../src/cli/tenant/embedded.js";
import { readTenantRecord, runningTenant, writeTenantRecord } from "../../src/cli/tenant/record.js";
import { enterTenant } from "../../src/cli/tenant/users.js";
import { portrait } from "../support/portraits.js";

let folder: string;
let home: Home;
let servers: Server[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "authn-tenant-"));
  home = homeOf({ folder, name: "shop", config: {}, backendUrl: undefined, stackFolder: folder }, {});
  servers = [];
  await makeHome(home);
});
afterEach(async () => {
  for (const server of servers) server.close();
  await rm(folder, { recursive: true, force: true });
});

/** A tenant that answers /health, and nothing else. */
const start: StartTenant = async ({ basePort }) => {
  const server = createServer((_, answer) => answer.end(JSON.stringify({ id: "tenant-1" })));
  servers.push(server);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(Object.assign(error, { problem: "port" })));
    server.listen(basePort === 4180 ? 0 : basePort, "127.0.0.1", resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    record: { admin: { url: `http://127.0.0.1:${port}`, token: "t" } },
    identity: { id: "tenant-1", seed: "s" },
    close: async () => void server.close(),
  };
};
const question = (lines: string[] = []) => ({
  home,
  start,
  pid: process.pid,
  clockMs: () => 0,
  now: new AbortController().signal,
  baikal: undefined,
  report: (line: string) => lines.push(line),
});

describe("the tenant of an operation", () => {
  test("is started where none runs, leaves its record meanwhile, and both are gone afterwards", async () => {
    const tenant = await useTenant(question());
    expect(tenant.startedHere).toBe(true);
    expect(await readTenantRecord(home.tenantRecord)).toMatchObject({ pid: process.pid, identity: { id: "tenant-1" } });
    await tenant.leave();
    expect(await readTenantRecord(home.tenantRecord)).toBeUndefined();
    await expect(fetch(tenant.adminUrl)).rejects.toThrow();
  });

  test("is the running one where one runs, and that is left alone", async () => {
    const first = await useTenant(question());
    const second = await useTenant(question());
    expect(second).toMatchObject({ startedHere: false, adminUrl: first.adminUrl });
    await second.leave();
    expect((await fetch(first.adminUrl)).ok).toBe(true);
    await first.leave();
  });

  test("stays up while another operation uses it", async () => {
    const lines: string[] = [];
    const tenant = await useTenant(question(lines));
    const leave = await enterTenant(home.tenantUsers, process.pid);
    const left = tenant.leave();
    while (lines.length === 0) await new Promise(setImmediate);
    expect(lines[0]).toContain(`process ${process.pid} uses it too`);
    expect((await fetch(tenant.adminUrl)).ok).toBe(true);
    await leave();
    await left;
    await expect(fetch(tenant.adminUrl)).rejects.toThrow();
    expect(await readdir(home.tenantUsers)).toEqual([]);
  });

  test("on another port where the usual one is taken; any other trouble is told", async () => {
    const tried: number[] = [];
    const usualIsTaken: StartTenant = async (options) => {
      tried.push(options.basePort);
      if (options.basePort !== 0) throw Object.assign(new Error("taken"), { problem: "port" });
      return await start(options);
    };
    await (await useTenant({ ...question(), start: usualIsTaken })).leave();
    expect(tried).toEqual([4180, 0]);
    const storeInUse: StartTenant = async () => {
      throw Object.assign(new Error("the store is in use"), { problem: "store" });
    };
    await expect(useTenant({ ...question(), start: storeInUse })).rejects.toThrow("the store is in use");
  });
});

describe("the clock", () => {
  const told = async () => (await readTenantRecord(home.tenantRecord))?.clock;
  /** As the real one: it tells what its clock shows at the start, and whenever that is moved. */
  const ticking = () => {
    let move: (offsetMs: number) => void = () => {};
    const startTicking: StartTenant = async (options) => {
      move = (offsetMs) => options.clockChanged?.({ now: "", offsetMs });
      move(7);
      return await start(options);
    };
    return { start: startTicking, move: (offsetMs: number) => move(offsetMs) };
  };

  test("of an operation's tenant stands in its record from the start and at once after each change", async () => {
    const clock = ticking();
    const tenant = await useTenant({ ...question(), start: clock.start });
    expect([await told(), await tenant.clockOffsetMs()]).toEqual([{ offsetMs: 7 }, 7]);
    clock.move(60_000);
    expect([await told(), await tenant.clockOffsetMs()]).toEqual([{ offsetMs: 60_000 }, 60_000]);
    expect((await stat(home.tenantRecord)).mode & 0o777).toBe(0o600);
    const second = await useTenant(question());
    clock.move(-5);
    expect(await second.clockOffsetMs()).toBe(-5);
    await second.leave();
    await tenant.leave();
    // Moved once more while it closes: the record that was taken away stays away.
    clock.move(9);
    expect(await told()).toBeUndefined();
  });
});

describe("a record", () => {
  const record = (url: string, id = "tenant-1") => ({
    pid: process.pid,
    startedAt: "2026-01-01T00:00:00Z",
    identity: { id, seed: "s" },
    admin: { url, token: "t" },
  });

  test("counts only while that very tenant answers: not a dead process, not another one on its port", async () => {
    const { record: addresses } = await start({ basePort: 0, storeDirectory: "" });
    writeTenantRecord(home.tenantRecord, record(addresses.admin.url));
    expect(await runningTenant(home.tenantRecord)).toMatchObject({ pid: process.pid });
    writeTenantRecord(home.tenantRecord, record(addresses.admin.url, "another"));
    expect(await runningTenant(home.tenantRecord)).toBeUndefined();
    writeTenantRecord(home.tenantRecord, { ...record(addresses.admin.url), pid: 2 ** 22 + 1 });
    expect(await runningTenant(home.tenantRecord)).toBeUndefined();
  });
});

describe("`authn tenant`", () => {
  // The first one loads the emulator.
  const patience = { timeout: 60_000 };
  const stop = () => new AbortController();
  const run = (
    args: readonly string[],
    stopping: AbortController,
    lines: string[] = [],
    environment: Record<string, string> = {},
  ) => {
    const output = new PassThrough({ encoding: "utf8" }).on("data", (text: string) => lines.push(text));
    const surroundings = {
      cwd: folder,
      environment,
      stdout: output,
      stderr: output,
      pid: process.pid,
      clockMs: () => 0,
      stop: stopping.signal,
      now: stopping.signal,
    };
    return commandLine("0.0.0", surroundings, () => {}).parseAsync(["tenant", ...args], { from: "user" });
  };

  test("starts a Keyless agent as slow and as busy as it is told to", async () => {
    await writeFile(join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    const [stopping, lines] = [stop(), [] as string[]];
    const running = run(
      ["--port", "0", "--json", "--agent-latency", "600000", "--agent-concurrency", "1"],
      stopping,
      lines,
    );
    await expect.poll(() => lines, patience).toHaveLength(1);
    const url = JSON.parse(lines[0] ?? "").keyless.agentUrl;
    const init = { method: "POST", headers: { "content-type": "image/jpeg", scenario: "SELFIE" }, body: portrait() };
    const enrol = async () => (await fetch(`${url}/v1/offline-enrollment`, init)).status;
    const both = [enrol(), enrol()];
    expect(await Promise.race(both)).toBe(429);
    stopping.abort();
    await running;
    expect((await Promise.allSettled(both)).map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  });

  test("takes Hanko's settings from a file, and says which property of it is wrong", async () => {
    await writeFile(join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    const settings = (json: string) => writeFile(join(folder, "hanko.json"), json);
    const [stopping, lines] = [stop(), [] as string[]];
    const start = () => run(["--port", "0", "--json", "--hanko-settings", "hanko.json"], stopping, lines);
    await expect(start()).rejects.toThrow(/there is no such file/);
    await settings("{");
    await expect(start()).rejects.toThrow(/it isn't a JSON object/);
    await settings('{"rpId":"example.com","rpid":"x"}');
    await expect(start()).rejects.toThrow(/rpid: is not known here/);
    await settings('{"rpId":"example.com","origins":["https://example.com"]}');
    const running = start();
    await expect.poll(() => lines, patience).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? "").hanko).toMatchObject({ rpId: "example.com", origin: "https://example.com" });
    stopping.abort();
    await running;
  });

  test("takes Baikal's settings from a file, and where the demonstration client's keys are from the environment", async () => {
    await writeFile(join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    const settings = (json: string) => writeFile(join(folder, "baikal.json"), json);
    const jwksUrl = async (environment: Record<string, string>, ...args: string[]) => {
      const [stopping, lines] = [stop(), [] as string[]];
      const running = run(["--port", "0", "--json", ...args], stopping, lines, environment);
      await Promise.race([running, expect.poll(() => lines, patience).toHaveLength(1)]);
      stopping.abort();
      await running;
      return JSON.parse(lines[0] ?? "").baikal.jwksUrl;
    };
    const variable = { AUTHN_BAIKAL_JWKS_URL: "http://127.0.0.1:9/of-the-environment" };
    await settings("[]");
    await expect(jwksUrl({}, "--baikal-settings", "baikal.json")).rejects.toThrow(/it isn't a JSON object/);
    await settings('{"jwksCacheSeconds":-1}');
    await expect(jwksUrl({}, "--baikal-settings", "baikal.json")).rejects.toThrow(/jwksCacheSeconds: must be a whole/);
    await expect(jwksUrl({ AUTHN_BAIKAL_JWKS_URL: "ftp://x" })).rejects.toThrow(/AUTHN_BAIKAL_JWKS_URL is no http/);
    expect(await jwksUrl(variable)).toBe(variable.AUTHN_BAIKAL_JWKS_URL);
    await settings('{"jwksUrl":"http://127.0.0.1:9/of-the-file"}');
    expect(await jwksUrl(variable, "--baikal-settings", "baikal.json")).toBe("http://127.0.0.1:9/of-the-file");
  });

  test.each([
    ["--agent-latency", "-1"],
    ["--agent-latency", "600001"],
    ["--agent-latency", "3s"],
    ["--agent-concurrency", "0"],
    ["--agent-concurrency", "1.5"],
  ])("refuses %s %s by the option's name", async (option, value) => {
    await expect(run([option, value], stop())).rejects.toThrow(new RegExp(`'${option} <.*whole number`));
  });
});
