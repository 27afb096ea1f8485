/** What check refuses before anything happens: each fault at once, with its property and what to do; and no secret in any message. */
import { generateKeyPairSync } from "node:crypto";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Bench, declared } from "./_hosted.js";

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.close());

const rsaPem = (modulusLength: number) =>
  String(generateKeyPairSync("rsa", { modulusLength }).privateKey.export({ format: "pem", type: "pkcs8" }));
const ecPem = (namedCurve: string) =>
  String(generateKeyPairSync("ec", { namedCurve }).privateKey.export({ format: "pem", type: "pkcs8" }));
const encryptedPem = () => {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return String(privateKey.export({ format: "pem", type: "pkcs8", cipher: "aes-256-cbc", passphrase: "secret" }));
};

it.each<[string, Readonly<Record<string, unknown>>, readonly string[]]>([
  ["an RSA key of 1024 bits", { algorithm: "RS256", initialKey: rsaPem(1024) }, ["initialKey", "1024 bits", "2048"]],
  ["a key on P-384", { initialKey: ecPem("P-384") }, ["initialKey", "P-384", "only P-256"]],
  ["an encrypted PEM", { initialKey: encryptedPem() }, ["initialKey", "unencrypted PEM"]],
  ["text that is no key", { initialKey: "not-a-key-but-secret" }, ["initialKey", "PKCS#8, PKCS#1 or SEC1"]],
  ["a key of the other type", { initialKey: rsaPem(2048) }, ["initialKey", "signs by RS256, not by ES256"]],
  ["an epoch to come", { epoch: "2030-01-01T00:00:00Z" }, ["epoch", "lies in the future"]],
  ["a short period", { period: "1h" }, ["period", "1h 32m = lead 16m + retireAfter 1h 16m"]],
  ["a short lead", { lead: "5m" }, ["lead", "16m = verifierCache 15m + publisherCache 0s + clockSkew 1m"]],
  ["a short retirement", { retireAfter: "1h" }, ["retireAfter", "1h 16m = tokenLife 1h"]],
  ["a duration without a unit", { tokenLife: "60" }, ["tokenLife", '"15m"']],
  ["a broken cron", { window: { cron: "daily" } }, ["window.cron", "five fields"]],
  [
    "a zone that isn't",
    { window: { cron: "0 9 * * *", timeZone: "Mars/Olympus" } },
    ["window.timeZone", "Europe/Berlin"],
  ],
  ["bits of an EC key", { modulusLength: 2048 }, ["modulusLength", "RSA keys only"]],
  ["a small modulus", { algorithm: "RS256", modulusLength: 1024 }, ["modulusLength", "must be 2048"]],
  ["a path without its base", { publish: { path: "billing.json" } }, ["baikal:publishUrl"]],
  [
    "a host that isn't allowed",
    { publish: { url: "https://keys.example.com/a.json" } },
    ["publish.url", "keys.example.com"],
  ],
  [
    "plain text off loopback",
    { publish: { url: "http://keys.example.com/a.json" } },
    ["publish.url", "keys.example.com"],
  ],
  ["a live address that isn't allowed", { verify: { jwksUrl: "https://keys.example.com/a.json" } }, ["verify.jwksUrl"]],
  [
    "a grant without a client",
    { verify: { grant: { sub: "a" } } },
    ["verify.grant", "baikal:endpoint", "baikal:clientSecret"],
  ],
  [
    "a header that brings another along",
    { publish: { url: "http://127.0.0.1:1/a", headers: { "x-a": "hush\r\nx-b: c" } } },
    ["publish.headers", "printable ASCII"],
  ],
  [
    "a header's name with a colon",
    { publish: { url: "http://127.0.0.1:1/a", headers: { "x:a": "hush" } } },
    ["publish.headers"],
  ],
  ["a pin to what is no kid", { pinned: "all" }, ["pinned", "43 characters"]],
  ["a pin to what is revoked", { pinned: "A".repeat(43), revoked: ["A".repeat(43)] }, ["pinned", "is revoked"]],
])("%s is refused with what to do", async (_what, more, parts) => {
  const engine = bench.engine();
  expect(await engine.up({ ...declared, ...more })).toBe("failed");
  for (const part of parts) expect(engine.error).toContain(part);
  expect(engine.error).not.toMatch(/BEGIN|not-a-key-but-secret|hush/);
  expect(engine.kept).toBeUndefined();
});

it("a ring that is shown nowhere is refused: nobody could tell when verifiers know a key", async () => {
  const { publish: _, ...hidden } = declared;
  const engine = bench.engine();
  expect(await engine.up(hidden)).toBe("failed");
  expect(engine.error).toContain("verify.jwksUrl must name the address where verifiers find the document");
});

it("all faults are told at once", async () => {
  const engine = bench.engine();
  const more = { epoch: "2030-01-01T00:00:00Z", period: "1h", initialKey: rsaPem(1024), window: { cron: "daily" } };
  expect(await engine.up({ ...declared, ...more })).toBe("failed");
  for (const property of ["epoch", "period", "initialKey", "window.cron"]) expect(engine.error).toContain(property);
});

it("a ring keeps its type of key: another algorithm is refused, and the way to it told", async () => {
  const engine = bench.engine();
  await engine.up(declared);
  expect(await engine.up({ ...declared, algorithm: "RS256" })).toBe("failed");
  expect(engine.error).toContain("can't change from ES256 to RS256");
  expect(await engine.up(declared)).toBe("unchanged");
});
