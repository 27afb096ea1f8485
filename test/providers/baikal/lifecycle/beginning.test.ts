/** How a ring begins: beside nothing, beside a document of its own, of another ring, or of the key that signs today. */
import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { calculateJwkThumbprint } from "jose";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Bench, DAY_MS, declared, HOUR_MS, kidOf, owner, stateOf } from "./_hosted.js";

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.close());

const kids = () => bench.read().keys.map(({ kid }) => kid);
const ec = () => generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
const pemOf = (key: KeyObject, type: "pkcs8" | "pkcs1" | "sec1" = "pkcs8") =>
  String(key.export({ format: "pem", type }));
const jwkOf = (key: KeyObject) => ({ ...createPublicKey(key).export({ format: "jwk" }) });
const kidFor = (key: KeyObject) => calculateJwkThumbprint({ ...createPublicKey(key).export({ format: "jwk" }) });

describe("a new ring", () => {
  it("publishes an active key and a standby, and nothing private", async () => {
    const engine = bench.engine();
    expect(await engine.up(declared), engine.error).toBe("created");
    expect(kids()).toEqual([kidOf(engine, "active"), kidOf(engine, "prepared")]);
    for (const key of bench.read().keys)
      expect(Object.keys(key).sort()).toEqual(["alg", "crv", "kid", "kty", "use", "x", "y"]);
    expect(await engine.up(declared)).toBe("unchanged");
  });

  it("that lost its state takes its own document over, and keeps the keys of before until their tokens have run out", async () => {
    const lost = bench.engine();
    await lost.up(declared);
    const before = kids();
    const engine = bench.engine();
    expect(await engine.up(declared), engine.error).toBe("created");
    expect(kids()).toHaveLength(4);
    expect(kids().slice(2)).toEqual(before);
    expect(bench.warnings.join()).toContain("verifiers that hold the document of before may refuse it until");
    // tokenLife 1h + verifierCache 15m + clockSkew 1m.
    bench.nowMs += 76 * 60_000 - 1;
    expect(await engine.up(declared)).toBe("unchanged");
    bench.nowMs += 1;
    expect(await engine.up(declared), engine.error).toBe("updated");
    expect(kids()).toEqual([kidOf(engine, "active"), kidOf(engine, "prepared")]);
  });

  it("never takes over what it published itself where adopt is never", async () => {
    await bench.engine().up(declared);
    const engine = bench.engine();
    expect(await engine.up({ ...declared, adopt: "never" })).toBe("failed");
    expect(engine.kept).toBeUndefined();
    expect(engine.error).toContain("adopt: never");
  });

  it("leaves another ring's document alone, unless it is told to take it over", async () => {
    await bench.engine().up({ ...declared, owner: { ...owner, stack: "another" } });
    const before = bench.read();
    const engine = bench.engine();
    expect(await engine.up(declared)).toBe("failed");
    expect(engine.error).toContain("belongs to another ring");
    expect(engine.kept).toBeUndefined();
    expect(bench.read()).toEqual(before);
    expect(await engine.up({ ...declared, adopt: "always" }), engine.error).toBe("created");
    expect(kids().slice(2)).toEqual(before.keys.map(({ kid }) => kid));
  });

  it("leaves what is no JWKS alone", async () => {
    bench.write("<html>");
    const engine = bench.engine();
    expect(await engine.up(declared)).toBe("failed");
    expect(engine.error).toContain("is no JWKS");
  });

  it.each([
    ["a private key", () => ({ ...jwkOf(ec()), d: "secret-scalar" }), "a private key stands at"],
    ["a key of another type", () => ({ kty: "RSA", n: "AQAB", e: "AQAB" }), "a key of type RSA stands at"],
    ["a key without its members", () => ({ kty: "EC", crv: "P-256" }), "lacks members of its type"],
  ])("refuses to publish beside %s, and says what is wrong", async (_what, key, message) => {
    bench.write({ keys: [key()] });
    const engine = bench.engine();
    expect(await engine.up({ ...declared, adopt: "always" })).toBe("failed");
    expect(engine.error).toContain(message);
    expect(engine.error).not.toContain("secret-scalar");
  });
});

describe("the key that signs today", () => {
  const rsa = () => generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;

  it.each([
    ["PKCS#8", "pkcs8", ec, "ES256"],
    ["SEC1", "sec1", ec, "ES256"],
    ["PKCS#1", "pkcs1", rsa, "RS256"],
  ] as const)("goes on signing, given as %s, under its thumbprint", async (_form, type, make, algorithm) => {
    const key = make();
    const engine = bench.engine();
    expect(await engine.up({ ...declared, algorithm, initialKey: pemOf(key, type) }), engine.error).toBe("created");
    expect(kidOf(engine, "active")).toBe(await kidFor(key));
    expect(createPublicKey(stateOf(engine).activePrivateKey).equals(createPublicKey(key))).toBe(true);
    expect(JSON.stringify(engine.kept?.inputs)).not.toBe("");
    // It may go from the declaration: the ring has it.
    expect(await engine.up({ ...declared, algorithm })).toBe("unchanged");
  });

  it("keeps the others of its document, with kids of their own or none, until their tokens have run out", async () => {
    const [signs, named, unnamed] = [ec(), ec(), ec()];
    bench.write({ keys: [jwkOf(signs), { ...jwkOf(named), kid: "2025-12" }, jwkOf(unnamed)] });
    const engine = bench.engine();
    const wanted = { ...declared, initialKey: pemOf(signs) };
    expect(await engine.up(wanted), engine.error).toBe("created");
    expect(kids().slice(2)).toEqual(["2025-12", await kidFor(unnamed)]);
    expect(bench.warnings.join()).not.toContain("may refuse");
    bench.nowMs += 2 * HOUR_MS;
    await engine.up(wanted);
    expect(kids()).toEqual([kidOf(engine, "active"), kidOf(engine, "prepared")]);
  });

  it("under a kid of its own stays for the tokens that name it, and says that verifiers must learn the new one", async () => {
    const signs = ec();
    bench.write({ keys: [{ ...jwkOf(signs), kid: "2025-12" }] });
    const engine = bench.engine();
    expect(await engine.up({ ...declared, initialKey: pemOf(signs) }), engine.error).toBe("created");
    expect(kids()).toContain("2025-12");
    expect(kids()).toContain(await kidFor(signs));
    expect(bench.warnings.join()).toContain("may refuse it until 2026-01-05T00:16:00.000Z");
  });

  it("is needed where a document of nobody stands, or `adopt: always`", async () => {
    bench.write({ keys: [jwkOf(ec())] });
    const engine = bench.engine();
    expect(await engine.up(declared)).toBe("failed");
    expect(engine.error).toContain("Give the key that signs today as initialKey");
    expect(await engine.up({ ...declared, adopt: "always" }), engine.error).toBe("created");
    expect(kids()).toHaveLength(3);
  });
});

it("a ring turns on by itself for weeks, and each run leaves two or three keys", async () => {
  const engine = bench.engine();
  await engine.up(declared);
  const actives = new Set([kidOf(engine, "active")]);
  for (let hour = 0; hour < (22 * DAY_MS) / HOUR_MS; hour++) {
    bench.nowMs += HOUR_MS;
    expect(await engine.up(declared), engine.error).not.toBe("failed");
    actives.add(kidOf(engine, "active"));
    expect([2, 3]).toContain(kids().length);
  }
  expect(actives.size).toBe(4);
});
