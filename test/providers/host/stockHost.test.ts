import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { providerText } from "../../../src/resources/providerText.js";
import { CallError, type Properties, type StockHost, startStockHost } from "../../support/stockHost.js";

const probe = fileURLToPath(new URL("../../support/probe.mjs", import.meta.url));
const __provider = `exports.handler=()=>require(${JSON.stringify(probe)}).Probe`;
const owner = { project: "p", stack: "s", type: "Probe", name: "one" };
const inputs = (mode: string, more: Properties = {}): Properties => ({ __provider, mode, owner, ...more });
const config = { "probe:url": "http://127.0.0.1:1", "probe:token": "s3cret-canary" };

let hosts: StockHost[] = [];
async function host(options?: Parameters<typeof startStockHost>[0]): Promise<StockHost> {
  const started = await startStockHost(options);
  hosts.push(started);
  return started;
}
afterEach(async () => {
  await Promise.all(hosts.map((started) => started.stop()));
  hosts = [];
});

async function refusal(call: Promise<unknown>): Promise<CallError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof CallError) return error;
  throw new Error("the call was not refused");
}

describe("in the stock host", () => {
  let started: StockHost;
  beforeAll(async () => {
    started = await startStockHost();
    await started.configure(config);
  });
  afterAll(() => started.stop());

  it("calls that come at once with the first all see the configuration", async () => {
    const fresh = await host();
    await fresh.configure(config);
    const made = await Promise.all(Array.from({ length: 20 }, () => fresh.create(inputs("plain"))));
    expect(made.map(({ outputs }) => outputs["seen"])).toEqual(Array(20).fill(config["probe:url"]));
  });

  it("a configuration that can't be used is said at every call, each time with all its faults", async () => {
    const fresh = await host();
    await fresh.configure({ "authn:timeoutMs": "soon" });
    for (const _ of [1, 2]) {
      const { message } = await refusal(fresh.create(inputs("plain")));
      expect(message).toContain("authn:timeoutMs must be a number");
      expect(message).toContain("probe:url is missing");
      expect(message).toContain("PROBE_URL");
    }
    const { failures } = await fresh.check(inputs("plain"));
    expect(failures.map(({ reason }) => reason.split(" ")[0])).toEqual(["authn:timeoutMs", "probe:url"]);
  });

  it("outputs that are no JSON are brought to JSON, so that what was made is not lost", async () => {
    const { id, outputs } = await started.create(inputs("odd"));
    expect(id).toBe("probe");
    expect(outputs).toMatchObject({
      bytes: Buffer.from("bytes").toString("base64"),
      big: "12",
      when: "1970-01-01T00:00:00.000Z",
      map: { a: 1 },
      nested: { deep: [null, "2"] },
    });
    expect(Object.keys(outputs)).not.toContain("nothing");
    expect(Object.keys(outputs)).not.toContain("call");
  });

  it("a partial failure is answered whatever its properties hold, keeps them and the provider, and names the open step", async () => {
    const { partial, message } = await refusal(started.create(inputs("odd-partial")));
    expect(partial?.id).toBe("probe");
    expect(partial?.properties).toMatchObject({ __provider, big: "12", open: { step: "second", outcome: "unknown" } });
    expect(partial?.reasons).toEqual([message]);
    expect(message).toContain("Probe one, step second");
    expect(message).not.toContain("s3cret-canary");
  });

  it("what is thrown and is no error keeps its message, without the secrets in it", async () => {
    const text = await refusal(started.create(inputs("throw-text")));
    expect(text.message).toContain("text is no error");
    expect(text.message).not.toContain("s3cret-canary");
    expect((await refusal(started.create(inputs("throw-nothing")))).message).toContain("something that is no error");
  });

  it("an id that is no text is refused before the first step", async () => {
    const { message, partial } = await refusal(started.create(inputs("no-id")));
    expect(message).toContain("without an id");
    expect(partial).toBeUndefined();
  });

  it("values that a preview doesn't know are no faults, and those it knows are still checked", async () => {
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    expect((await started.check(inputs(unknown))).failures).toEqual([]);
    const { failures } = await started.check(inputs(unknown, { colour: 3, color: "red" }));
    expect(failures).toEqual([
      { property: "colour", reason: expect.stringContaining("got a number") },
      { property: "color", reason: expect.stringContaining("is not a property of this resource") },
    ]);
  });

  it("all faults of one resource are told at once, with the shape of what came and never the value", async () => {
    const { failures } = await started.check({ __provider, mode: "s3cret", owner, colour: ["s3cret"], onDelete: 1 });
    expect(failures.map(({ property }) => property).sort()).toEqual(["colour", "mode", "onDelete"]);
    expect(JSON.stringify(failures)).not.toContain("s3cret");
  });

  it("a value that the program holds as a secret, or that may be a key, is not left to the engine to print", async () => {
    const fresh = await host();
    await fresh.configure({ "keyri:url": "http://127.0.0.1:1" });
    const { failures } = await fresh.check({
      __provider: providerText("KeyriPublicKey"),
      username: "secret-canary\u0001",
      publicKey: "-----BEGIN PRIVATE KEY-----canary",
      onDelete: 7,
      owner: { ...owner, concealed: ["username"] },
    });
    // The engine prints the value of the property that a failure names.
    expect(failures.map(({ property }) => property)).toEqual(["", "onDelete", ""]);
    expect(failures[0]?.reason).toContain("username must not hold control characters");
    expect(failures[2]?.reason).toContain("publicKey got a PEM PRIVATE KEY");
    expect(JSON.stringify(failures)).not.toContain("canary");
  });

  it("a state of an older schema version is read, and written back in today's", async () => {
    const old = { __provider, mode: "plain", color: "red", owner, schemaVersion: 1 };
    expect((await started.diff("probe", old, inputs("plain", { colour: "red" }))).changes).toBe("none");
    const { outputs } = await started.read("probe", old);
    expect(outputs).toMatchObject({ colour: "red", schemaVersion: 2 });
    expect(Object.keys(outputs)).not.toContain("color");
  });

  it("a state of a newer schema version is refused, with the way out", async () => {
    const { message } = await refusal(started.delete("probe", { ...inputs("plain"), schemaVersion: 3 }));
    expect(message).toContain("schema version 3");
    expect(message).toContain("Update pulumi-authn");
  });

  it("unfinished work is never called gone by a refresh, and the next diff says changed", async () => {
    const { partial } = await refusal(started.create(inputs("odd-partial")));
    const kept = partial?.properties ?? {};
    const refreshed = await started.read("probe", kept);
    expect(refreshed.id).toBe("probe");
    expect(refreshed.outputs["open"]).toEqual({ step: "second", outcome: "unknown" });
    expect((await started.diff("probe", refreshed.outputs, inputs("odd-partial"))).changes).toBe("some");
  });

  it("another owner alone is no change", async () => {
    const { id, outputs } = await started.create(inputs("plain"));
    const moved = inputs("plain", { owner: { ...owner, stack: "elsewhere" } });
    expect(await started.diff(id, outputs, moved)).toEqual({ changes: "none", replaces: [] });
  });

  it("ends by itself when its engine is gone", async () => {
    const fresh = await host();
    await fresh.configure(config);
    await fresh.create(inputs("plain"));
    const ended = once(fresh.process, "exit");
    fresh.loseEngine();
    const [code] = z.tuple([z.number().nullable(), z.unknown()]).parse(await ended);
    expect(code).toBe(1);
  });

  it("sends nothing more once its engine is gone, and waits for what is under way", async () => {
    const asked: string[] = [];
    const backend = createServer();
    const registration = new Promise<() => void>((resolve) => {
      backend.on("request", (request, response) => {
        asked.push(`${request.method} ${request.url}`);
        resolve(() => response.writeHead(200, { "content-type": "application/json" }).end('{"message":"ok"}'));
      });
    });
    backend.listen(0, "127.0.0.1");
    await once(backend, "listening");
    const { port } = z.object({ port: z.number() }).parse(backend.address());
    const fresh = await host();
    await fresh.configure({ "keyri:url": `http://127.0.0.1:${port}` });
    const declared = { __provider: providerText("KeyriPublicKey"), username: "ada", owner };
    const created = fresh.create(declared);
    created.catch(() => undefined);
    const answer = await registration;
    const ended = once(fresh.process, "exit");
    fresh.loseEngine();
    // It takes no calls any more once it knows: then the answer comes.
    const knows = () =>
      fresh.check(declared).then(
        () => false,
        (error: unknown) => String(error).includes("engine that started this process is gone"),
      );
    while (!(await knows()));
    answer();
    // 1: idle in the end. 2 would be its patience with what is under way, 0 or a signal something else.
    expect(z.tuple([z.number().nullable(), z.unknown()]).parse(await ended)[0]).toBe(1);
    // The registration was under way; the login that proves the key was not sent any more.
    expect(asked).toEqual(["POST /keyriRegistration"]);
    backend.close();
  });
});

describe("the provider text", () => {
  it("is the same bytes for ever", () => {
    expect(providerText("KeyriPublicKey")).toBe(
      'exports.handler=()=>{const r=require("module").createRequire(process.cwd()+"/x"),p="pulumi-authn/dynamic";try{return r(p).KeyriPublicKey}catch(e){if(/MODULE_NOT_FOUND/.test(e.code)){const m=e.message.split("\\n")[0];e.message=m+(m.includes(p)?"; looked in "+r.resolve.paths(p):"")+": run npm install"}throw e}};',
    );
  });

  it("says which dependency is missing, and where it looked, in a folder that doesn't have the package", async () => {
    const folder = mkdtempSync(join(tmpdir(), "authn-no-package-"));
    try {
      const started = await host({ cwd: folder });
      await started.configure({});
      const { message } = await refusal(
        started.create({ __provider: providerText("KeyriPublicKey"), username: "ada", owner }),
      );
      expect(message).toContain("Cannot find module 'pulumi-authn/dynamic'");
      expect(message).toContain(join(folder, "node_modules"));
      expect(message).toContain("npm install");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
