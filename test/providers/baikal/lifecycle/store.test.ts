/** A ring whose document is put to an HTTP store: comparisons, lost answers, stores that show nothing, proofs that fail, clocks. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Bench, DAY_MS, declared, HOUR_MS, kidOf, Store, stateOf } from "./_hosted.js";

const WEEK_MS = 7 * DAY_MS;
let bench: Bench;
let store: Store;
beforeEach(async () => {
  bench = new Bench();
  store = await Store.open();
});
afterEach(async () => {
  await store.close();
  bench.close();
});

const put = () => ({ ...declared, publish: { url: store.url, headers: { "x-key": "hush-hush" } } });
const kids = () => (JSON.parse(store.text ?? "{}").keys ?? []).map(({ kid }: { kid: string }) => kid);
const writes = () => store.requests.filter(({ method }) => method === "PUT");
const began = async () => {
  const engine = bench.engine();
  expect(await engine.up(put()), engine.error).toBe("created");
  return engine;
};

describe("a PUT", () => {
  it("is one only if nothing stands there, then only if what was read still stands", async () => {
    const engine = await began();
    expect(writes().map(({ headers }) => headers["if-none-match"])).toEqual(["*"]);
    expect(writes()[0]?.headers["content-type"]).toBe("application/jwk-set+json");
    bench.nowMs += WEEK_MS;
    expect(await engine.up(put()), engine.error).toBe("updated");
    expect(writes().at(-1)?.headers["if-match"]).toBe('"1"');
    expect(kids()).toHaveLength(3);
  });

  it("sends its headers to the place, and none of them where verifiers look", async () => {
    await began();
    expect(writes()[0]?.headers["x-key"]).toBe("hush-hush");
    expect(store.requests.at(-1)).toMatchObject({ method: "GET" });
    expect(store.requests.at(-1)?.headers["x-key"]).toBeUndefined();
  });

  it("that meets another run's is a failure that changes nothing, and the next run joins the two", async () => {
    const engine = await began();
    bench.nowMs += WEEK_MS;
    let others = "";
    store.beforePut = () => {
      store.beforePut = () => undefined;
      others = JSON.stringify({ ...JSON.parse(store.text ?? "") });
      store.put(others);
    };
    expect(await engine.up(put())).toBe("failed");
    expect(engine.error).toContain("at the same moment");
    expect(store.text).toBe(others);
    expect(await engine.up(put()), engine.error).toBe("updated");
    expect(kids()).toContain(kidOf(engine, "prepared"));
  });

  it("whose answer is lost is found to have taken effect", async () => {
    store.losesAnswer = true;
    const engine = bench.engine();
    expect(await engine.up(put()), engine.error).toBe("created");
    expect(writes()).toHaveLength(2);
    expect(kids()).toEqual([kidOf(engine, "active"), kidOf(engine, "prepared")]);
    expect(await engine.up(put())).toBe("unchanged");
  });

  it("compares nothing by a weak entity tag, which would match never", async () => {
    store.weak = true;
    const engine = await began();
    bench.nowMs += WEEK_MS;
    expect(await engine.up(put()), engine.error).toBe("updated");
    expect(writes().at(-1)?.headers["if-match"]).toBeUndefined();
  });

  it("goes to a store that shows nothing to those who write", async () => {
    store.hidden = true;
    const engine = await began();
    bench.nowMs += WEEK_MS;
    expect(await engine.up(put()), engine.error).toBe("updated");
    expect(kids()).toHaveLength(3);
    expect(await engine.refresh()).toBe(true);
    expect(await engine.up(put())).toBe("unchanged");
  });

  it("shows no header's value, whatever fails", async () => {
    const engine = bench.engine();
    const wanted = put();
    await store.close();
    expect(await engine.up(wanted)).toBe("failed");
    expect(engine.error).not.toContain("hush-hush");
    store = await Store.open();
  });
});

describe("a proof that fails", () => {
  it("leaves the active key signing, and fails the run or warns, as declared", async () => {
    const engine = await began();
    const active = kidOf(engine, "active");
    // What verifiers are shown is a copy, which somebody has to make.
    const copy = await Store.open();
    const verify = { jwksUrl: copy.url };
    copy.put(store.text ?? "");
    expect(await engine.up({ ...put(), verify }), engine.error).toBe("updated");
    copy.put(JSON.stringify({ keys: [] }));
    bench.nowMs += WEEK_MS;
    expect(await engine.up({ ...put(), verify })).toBe("failed");
    expect(engine.error).toContain("doesn't have the key");
    expect(kidOf(engine, "active")).toBe(active);
    expect(await engine.up({ ...put(), verify, onFailedProof: "warn" }), engine.error).toBe("updated");
    expect(bench.warnings.join()).toContain("(the active key stays)");
    expect(stateOf(engine).history.at(-1)?.event).toBe("proof failed");
    expect(kidOf(engine, "active")).toBe(active);
    await copy.close();
  });

  it("says what an authserver answered to wrong credentials, and not with which", async () => {
    const server = createServer((request, response) => {
      const issuer = `http://${request.headers.host}`;
      if (request.url?.endsWith("/openid-configuration") !== true)
        return response.writeHead(401, { "content-type": "application/json" }).end('{"error":"invalid_client"}');
      const [token_endpoint, jwks_uri] = [`${issuer}/token`, `${issuer}/jwks`];
      const more = { authorization_endpoint: `${issuer}/auth`, introspection_endpoint: `${issuer}/introspection` };
      const methods = { introspection_endpoint_auth_methods_supported: ["client_secret_basic"] };
      const discovery = { issuer: `${issuer}/`, token_endpoint, jwks_uri, ...more, ...methods };
      return response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(discovery));
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const client = {
      "baikal:clientId": "billing",
      "baikal:clientSecret": "client-hush",
      "baikal:issuer": "https://b.example/",
    };
    const engine = bench.engine({ "baikal:endpoint": endpoint, ...client });
    expect(await engine.up({ ...put(), verify: { grant: { sub: "subject" } } })).toBe("failed");
    expect(engine.error).toContain("401");
    expect(engine.error).not.toContain("client-hush");
    expect(engine.error).not.toContain("BEGIN");
    // What was reached is kept: the ring is published, and the proof is what is still to come.
    expect(kids()).toHaveLength(2);
    expect(await engine.up(put()), engine.error).toBe("updated");
    server.closeAllConnections();
    server.close();
  });
});

describe("a clock that lies apart from the store's", () => {
  it("begins no ring, and judges nothing of one that stands", async () => {
    store.nowMs = () => bench.nowMs + HOUR_MS;
    const early = bench.engine();
    expect(await early.up(put())).toBe("failed");
    expect(early.error).toContain("lies 1h from that of the server of the live document, and clockSkew is 1m");
    expect(early.kept).toBeUndefined();
    store.nowMs = () => bench.nowMs;
    const engine = await began();
    const before = store.text;
    store.nowMs = () => bench.nowMs - WEEK_MS;
    bench.nowMs += WEEK_MS;
    expect(await engine.up(put())).toBe("failed");
    expect(store.text).toBe(before);
    store.nowMs = () => bench.nowMs;
    expect(await engine.up(put()), engine.error).toBe("updated");
    expect(kids()).toHaveLength(3);
  });
});

it("an unfinished beginning is finished at the place that is declared now", async () => {
  const engine = bench.engine();
  const unreachable = { ...put(), verify: { jwksUrl: "http://127.0.0.1:1/jwks.json" } };
  expect(await engine.up(unreachable)).toBe("failed");
  expect(engine.kept).toBeDefined();
  bench.nowMs += HOUR_MS;
  expect(await engine.up(declared), engine.error).toBe("updated");
  expect(bench.read().keys).toHaveLength(2);
  store.text = undefined;
  expect(await engine.up(declared)).toBe("unchanged");
});

it("a ring whose outputs feed what shows it begins before that stands", async () => {
  const { publish: _, ...fed } = { ...declared, verify: { jwksUrl: "http://127.0.0.1:1/jwks.json" } };
  const engine = bench.engine();
  expect(await engine.up(fed), engine.error).toBe("created");
  expect(bench.warnings).toEqual([]);
  bench.nowMs += HOUR_MS;
  // It ought to stand there by now; a failure would keep what makes it from being made.
  expect(await engine.up(fed), engine.error).toBe("updated");
  expect(bench.warnings).not.toEqual([]);
  expect(stateOf(engine).keys.every(({ seenAt }) => seenAt === undefined)).toBe(true);
  const shown = { ...fed, verify: { jwksUrl: store.url } };
  store.put(JSON.stringify(stateOf(engine).jwks));
  expect(await engine.up(shown), engine.error).toBe("updated");
  expect(stateOf(engine).keys.every(({ seenAt }) => seenAt !== undefined)).toBe(true);
});
