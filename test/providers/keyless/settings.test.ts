/** Keyless's configuration, fault by fault: each names its key, what was expected, and never a secret's value. */
import { createHash, generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { parseSection } from "../../../providers/host/configuration.js";
import { keylessSection } from "../../../providers/keyless/settings.js";

const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const PEM = publicKey.export({ format: "pem", type: "spki" }).toString();
const FINGERPRINT = createHash("sha256")
  .update(publicKey.export({ format: "der", type: "spki" }))
  .digest("hex");
const SOUND: Record<string, string> = {
  agentUrl: "http://127.0.0.1:4181",
  operationsUrl: "https://api.keyless.io/",
  authenticationUrl: "https://authentication.keyless.io//",
  customer: "acme",
  apiKey: "key-canary",
};

function parse(more: Record<string, string | undefined>) {
  const all: Record<string, string | undefined> = { ...SOUND, ...more };
  return parseSection(keylessSection, (key) => all[key.replace("keyless:", "")]);
}

describe("Keyless's settings", () => {
  it("have defaults, addresses without a slash at their end, and one secret for both keys", () => {
    expect(parse({}).settings).toEqual({
      ...SOUND,
      operationsUrl: "https://api.keyless.io",
      authenticationUrl: "https://authentication.keyless.io",
      authenticationApiKey: "key-canary",
      agentConcurrency: 4,
      agentTimeoutMs: 60_000,
      readDevices: true,
    });
  });

  it("take every value as text", () => {
    const text = {
      authenticationApiKey: "another",
      agentConcurrency: "16",
      agentTimeoutMs: "90000",
      encryptionKeyId: "kid-1",
      encryptionPublicKey: PEM,
      encryptionKeyFingerprint: (FINGERPRINT.toUpperCase().match(/../g) ?? []).join(":"),
      readDevices: "false",
    };
    expect(parse(text).settings).toMatchObject({
      ...text,
      agentConcurrency: 16,
      agentTimeoutMs: 90_000,
      encryptionKeyFingerprint: FINGERPRINT,
      readDevices: false,
    });
  });

  it("stand for the Operations Service in derivations", () => {
    const { settings } = parse({});
    expect(settings === undefined ? "" : keylessSection.serviceUrl(settings)).toBe("https://api.keyless.io");
  });

  it.each(["agentUrl", "operationsUrl", "authenticationUrl", "customer", "apiKey"])("need %s", (key) => {
    expect(parse({ [key]: undefined }).faults).toEqual([
      {
        property: `keyless:${key}`,
        reason: expect.stringContaining(`keyless:${key} …, or the environment variable KEYLESS_`),
      },
    ]);
  });

  const EC = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ format: "pem", type: "spki" });
  it.each<[string, string, RegExp]>([
    ["agentUrl", "ftp://agent", /http or https/],
    ["operationsUrl", "api.keyless.io", /http or https/],
    ["authenticationUrl", "https://", /http or https/],
    ["customer", "a b", /without spaces/],
    ["apiKey", "spaced canary", /printable ASCII/],
    ["authenticationApiKey", "canary\r\nx: y", /printable ASCII/],
    ["agentConcurrency", "0", /1 or more/],
    ["agentConcurrency", "65", /at most 64/],
    ["agentConcurrency", "2.5", /whole number/],
    ["agentConcurrency", "many", /number/],
    ["agentTimeoutMs", "0", /1 or more/],
    ["agentTimeoutMs", "3600001", /at most 3600000/],
    ["encryptionKeyId", "kid-1", /needs keyless:encryptionPublicKey/],
    ["encryptionPublicKey", PEM, /needs keyless:encryptionKeyId/],
    ["encryptionPublicKey", EC.toString(), /of type ec/],
    ["encryptionPublicKey", "garbage-canary", /no PEM/],
    ["encryptionKeyFingerprint", "abc", /64 hex digits/],
    ["readDevices", "yes", /"true" or "false"/],
  ])("name %s where it is %j", (key, value, reason) => {
    const { faults } = parse({ [key]: value });
    expect(faults).toContainEqual({ property: `keyless:${key}`, reason: expect.stringMatching(reason) });
    expect(JSON.stringify(faults)).not.toContain("canary");
  });

  it("name a fingerprint that isn't the pinned key's, and tell what that is", () => {
    const { faults } = parse({
      encryptionKeyId: "kid-1",
      encryptionPublicKey: PEM,
      encryptionKeyFingerprint: "0".repeat(64),
    });
    expect(faults).toEqual([
      { property: "keyless:encryptionKeyFingerprint", reason: expect.stringContaining(FINGERPRINT) },
    ]);
  });

  it("tell all their faults at once", () => {
    const { faults } = parse({ agentUrl: "x", apiKey: "a b", readDevices: "1", encryptionPublicKey: "x" });
    expect(faults.map(({ property }) => property)).toEqual(
      expect.arrayContaining([
        "keyless:agentUrl",
        "keyless:apiKey",
        "keyless:readDevices",
        "keyless:encryptionPublicKey",
      ]),
    );
  });
});
