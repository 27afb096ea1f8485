/** What would have cost somebody their tokens, or stopped a ring for good: found by a second reader, kept out by these. */
import { generateKeyPairSync } from "node:crypto";
import { existsSync, lstatSync, mkdirSync, symlinkSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { baikalClientKeysLifecycle } from "../../../../providers/baikal/lifecycle.js";
import { UNKNOWN } from "../../../../providers/host/unknown.js";
import { Bench, DAY_MS, declared, HOUR_MS, kidOf, owner, stateOf } from "../lifecycle/_hosted.js";

interface Served {
  readonly status: number;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}
interface Asked {
  readonly url: string;
  readonly method: string;
  readonly type: string | undefined;
  readonly body: string;
}

let bench: Bench;
const servers: Server[] = [];
beforeEach(() => {
  bench = new Bench();
});
afterEach(async () => {
  bench.close();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
});

/** The origin of a server that tells no time of its own. */
async function serve(answer: (asked: Asked) => Served): Promise<string> {
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += String(chunk);
    });
    request.on("end", () => {
      const { url = "", method = "", headers } = request;
      const served = answer({ url, method, type: headers["content-type"], body });
      response.sendDate = false;
      response.writeHead(served.status, served.headers).end(served.text);
    });
  });
  servers.push(server);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A store with addresses that are signed for PUT, and one that is public: like S3 behind a distribution. */
async function signedStore(text?: string) {
  const store = { text, types: new Set<string | undefined>() };
  const origin = await serve(({ url, method, type, body }) => {
    if (method === "PUT") {
      store.text = body;
      store.types.add(type);
      return { status: 200 };
    }
    if (url.includes("?")) return { status: 403 };
    return store.text === undefined ? { status: 404 } : { status: 200, text: store.text };
  });
  const declaredFor = (signature: number | string) => ({
    ...declared,
    publish: { url: `${origin}/jwks.json?sig=${signature}` },
    verify: { jwksUrl: `${origin}/jwks.json` },
  });
  return { store, declaredFor };
}

const kids = () => bench.read().keys.map(({ kid }) => kid);
const ec = (kid: string) => ({
  ...generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ format: "jwk" }),
  kid,
});
function fedFrom(origin: string) {
  const { publish: _, ...rest } = declared;
  return { ...rest, verify: { jwksUrl: `${origin}/jwks.json` } };
}

describe("a ring that another resource publishes", () => {
  it("goes on where that resource failed, so that it gets the document at all, and promotes nothing unseen", async () => {
    let shown: string | undefined;
    const origin = await serve(() => (shown === undefined ? { status: 403 } : { status: 200, text: shown }));
    const engine = bench.engine();
    expect(await engine.up(fedFrom(origin)), engine.error).toBe("created");
    const active = kidOf(engine, "active");
    for (const older of [undefined, JSON.stringify({ keys: [] })]) {
      shown = older;
      bench.nowMs += 4 * DAY_MS;
      expect(await engine.up(fedFrom(origin)), engine.error).toBe("updated");
    }
    expect(bench.warnings.join()).toContain("doesn't have the key");
    expect(kidOf(engine, "active")).toBe(active);
    shown = JSON.stringify(stateOf(engine).jwks);
    bench.nowMs += HOUR_MS;
    expect(await engine.up(fedFrom(origin)), engine.error).toBe("updated");
    expect(stateOf(engine).keys.every(({ seenAt }) => seenAt !== undefined)).toBe(true);
  });

  it("keeps the keys that verifiers find there when it is made anew", async () => {
    let shown: string | undefined;
    const origin = await serve(() => (shown === undefined ? { status: 404 } : { status: 200, text: shown }));
    const before = bench.engine();
    await before.up(fedFrom(origin));
    shown = JSON.stringify(stateOf(before).jwks);
    const engine = bench.engine();
    expect(await engine.up(fedFrom(origin)), engine.error).toBe("created");
    expect(stateOf(engine).jwks.keys.map((key) => key["kid"])).toContain(stateOf(before).activeKid);
  });
});

describe("a place that shows its writers nothing", () => {
  it("isn't taken from others whose document verifiers find", async () => {
    const theirs = JSON.stringify({ keys: [ec("theirs")] });
    const { store, declaredFor } = await signedStore(theirs);
    const engine = bench.engine();
    expect(await engine.up(declaredFor(1))).toBe("failed");
    expect(store.text).toBe(theirs);
    expect(await engine.up({ ...declaredFor(1), adopt: "always" }), engine.error).toBe("created");
    expect(store.text).toContain("theirs");
  });

  it("lets the ring turn where its address is signed anew for each run", async () => {
    const { declaredFor } = await signedStore();
    const engine = bench.engine();
    await engine.up(declaredFor(0));
    const active = kidOf(engine, "active");
    for (let day = 1; day <= 8; day++) {
      bench.nowMs += DAY_MS;
      expect(await engine.up(declaredFor(day)), engine.error).toBe("updated");
    }
    expect(kidOf(engine, "active")).not.toBe(active);
  });

  it("is told the type that its address was signed for", async () => {
    const { store, declaredFor } = await signedStore();
    const { publish, ...rest } = declaredFor(1);
    const typed = { ...publish, headers: { "Content-Type": "application/json" } };
    const engine = bench.engine();
    expect(await engine.up({ ...rest, publish: typed }), engine.error).toBe("created");
    expect([...store.types]).toEqual(["application/json"]);
  });

  it("may repeat its address when it refuses, and the signature is not shown", async () => {
    const origin = await serve(({ url }) => ({ status: 403, text: `denied: ${url}` }));
    const engine = bench.engine();
    const publish = { url: `${origin}/jwks.json?sig=a-signature-of-the-store` };
    expect(await engine.up({ ...declared, publish })).toBe("failed");
    expect(engine.error).toContain("denied");
    expect(engine.error).not.toContain("a-signature-of-the-store");
  });
});

it("a cache that repeats the Date of its origin isn't taken for a wrong clock", async () => {
  let shown: string | undefined;
  const origin = await serve(() => {
    const date = new Date(bench.nowMs - 240_000).toUTCString();
    return shown === undefined ? { status: 404 } : { status: 200, text: shown, headers: { date, age: "240" } };
  });
  const wanted = { ...fedFrom(origin), publisherCache: "5m" };
  const engine = bench.engine();
  await engine.up(wanted);
  shown = JSON.stringify(stateOf(engine).jwks);
  bench.nowMs += HOUR_MS;
  expect(await engine.up(wanted), engine.error).toBe("updated");
});

it("a ring that was replaced doesn't take away the document of the one that replaces it", async () => {
  const wanted = { ...declared, withdraw: true };
  const old = bench.engine();
  await old.up(wanted);
  const renewed = bench.engine();
  expect(await renewed.up(wanted), renewed.error).toBe("created");
  // The engine deletes what it replaced afterwards.
  expect(await old.destroy(), old.error).toBe(true);
  expect(kids()).toContain(kidOf(renewed, "active"));
  expect(await renewed.destroy(), renewed.error).toBe(true);
  expect(existsSync(join(bench.folder, "jwks.json"))).toBe(false);
});

it("a ring goes on in its document when its stack is renamed, and takes it away in the end", async () => {
  const engine = bench.engine();
  await engine.up(declared);
  const { ring } = bench.read();
  bench.nowMs += 7 * DAY_MS;
  const standby = kidOf(engine, "prepared");
  const renamed = { ...declared, withdraw: true, owner: { ...owner, stack: "renamed" } };
  expect(await engine.up(renamed), engine.error).toBe("updated");
  expect(kidOf(engine, "active")).toBe(standby);
  expect(bench.read().ring).toBe(ring);
  expect(await engine.destroy(), engine.error).toBe(true);
  expect(existsSync(join(bench.folder, "jwks.json"))).toBe(false);
});

describe("a revocation", () => {
  it("doesn't wait for a first proof that fails again and again", async () => {
    const origin = await serve(() => ({ status: 500 }));
    const client = { "baikal:clientId": "a", "baikal:clientSecret": "b", "baikal:issuer": "https://i.example/" };
    const engine = bench.engine({ "baikal:endpoint": origin, ...client });
    const wanted = { ...declared, verify: { grant: { sub: "x" } } };
    expect(await engine.up(wanted)).toBe("failed");
    const [active, standby] = [kidOf(engine, "active"), kidOf(engine, "prepared")];
    expect(await engine.up({ ...wanted, revoked: [active] })).toBe("failed");
    expect(kidOf(engine, "active")).toBe(standby);
    expect(kids()).not.toContain(active);
  });

  it("reaches a key of others, whatever it is called", async () => {
    bench.write({ keys: [ec("2025-12")] });
    const engine = bench.engine();
    await engine.up({ ...declared, adopt: "always" });
    expect(await engine.up({ ...declared, revoked: ["2025-12"] }), engine.error).toBe("updated");
    expect(kids()).not.toContain("2025-12");
  });

  it("by a wrong clock doesn't hide what else was declared with it", async () => {
    const engine = bench.engine();
    await engine.up(declared);
    bench.nowMs += 7 * DAY_MS;
    await engine.up(declared);
    const wanted = { ...declared, publish: { file: "moved.json" }, revoked: [kidOf(engine, "retiring")] };
    bench.nowMs -= DAY_MS;
    expect(await engine.up(wanted)).toBe("failed");
    expect(engine.error).toContain("clock");
    expect(kids()).not.toContain(wanted.revoked[0]);
    bench.nowMs += DAY_MS;
    expect(await engine.up(wanted), engine.error).toBe("updated");
    expect(bench.read("moved.json").keys).toHaveLength(2);
  });
});

describe("a document with one kid twice", () => {
  it("is mended where it is one key", async () => {
    const key = ec("twice");
    bench.write({ keys: [key, key] });
    const engine = bench.engine();
    expect(await engine.up({ ...declared, adopt: "always" }), engine.error).toBe("created");
    expect(kids().filter((kid) => kid === "twice")).toHaveLength(1);
    bench.nowMs += 2 * HOUR_MS;
    expect(await engine.up(declared), engine.error).toBe("updated");
    expect(kids()).not.toContain("twice");
  });

  it("is refused where it is two", async () => {
    bench.write({ keys: [ec("twice"), ec("twice")] });
    const engine = bench.engine();
    expect(await engine.up({ ...declared, adopt: "always" })).toBe("failed");
    expect(engine.error).toContain("two keys stand at jwks.json under the kid twice");
  });
});

describe("a file", () => {
  it("may have a name that reads like an address", async () => {
    const engine = bench.engine();
    expect(await engine.up({ ...declared, publish: { file: "jwks:v1.json" } }), engine.error).toBe("created");
  });

  it("that is a link stays one, and what it points to is written", async () => {
    mkdirSync(join(bench.folder, "public"));
    bench.write({ keys: [] }, "public/jwks.json");
    symlinkSync(join("public", "jwks.json"), join(bench.folder, "jwks.json"));
    const engine = bench.engine();
    expect(await engine.up(declared), engine.error).toBe("created");
    expect(lstatSync(join(bench.folder, "jwks.json")).isSymbolicLink()).toBe(true);
    expect(bench.read("public/jwks.json").keys).toHaveLength(2);
  });
});

describe("what is declared", () => {
  it.each([
    ["lead", { lead: "16m" }],
    ["retireAfter", { retireAfter: "76m" }],
    ["tokenLife in minutes", { tokenLife: "60m" }],
    ["window", { window: { cron: "0 9 * * *", timeZone: "UTC", duration: "1h" } }],
    ["verify", { verify: {} }],
  ])("as a default of %s is no change", async (_what, more) => {
    const engine = bench.engine();
    const window = { cron: "0 9 * * *" };
    await engine.up({ ...declared, window });
    expect(await engine.up({ ...declared, window, ...more })).toBe("unchanged");
  });

  it("can't lead out of the base of all documents", async () => {
    const engine = bench.engine({ "baikal:publishUrl": "http://127.0.0.1:1/base" });
    expect(await engine.up({ ...declared, publish: { path: "a/../../x.json" } })).toBe("failed");
    expect(engine.error).toContain("publish.path leads out of baikal:publishUrl");
  });

  it("as a window that never opens is refused, and one that isn't known yet isn't", async () => {
    const engine = bench.engine();
    expect(await engine.up({ ...declared, window: { cron: "0 9 * * *", duration: "0s" } })).toBe("failed");
    expect(engine.error).toContain("window.duration must be longer than nothing");
    const circumstances = { nowMs: bench.nowMs, allowedHosts: [], olds: {} };
    const raw = { ...declared, window: { cron: UNKNOWN } };
    expect(baikalClientKeysLifecycle.judge?.(raw, undefined, circumstances)).toEqual([]);
  });
});
