/** Where settings come from, layer by layer, and that no account's secret reaches another one. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hankoSection } from "../../../providers/hanko/settings.js";
import { resolveSettings } from "../../../providers/host/session.js";
import { keyriSection } from "../../../providers/keyri/settings.js";

const owner = { project: "p", stack: "s", type: "KeyriPublicKey", name: "n" };
const SEED = Buffer.alloc(32, 5).toString("base64");
let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "authn-record-"));
  const record = {
    pid: process.pid,
    identity: { id: "tenant-id", seed: SEED },
    keyri: { url: "http://127.0.0.1:4187", token: "tenants-token" },
    hanko: {
      origin: "http://localhost:4188",
      rpId: "localhost",
      authentication: { url: "http://127.0.0.1:4184", apiKeyId: "id", apiSecret: "tenants-secret" },
      passkey: { url: "http://127.0.0.1:4185", tenantId: "11111111-2222-4333-8444-555555555555", apiKey: "key" },
    },
  };
  writeFileSync(join(home, "tenant.json"), JSON.stringify(record));
});
afterAll(() => rmSync(home, { recursive: true }));

const resolve = (configured: Record<string, string>, environment: Record<string, string> = {}) =>
  resolveSettings(keyriSection, (key) => configured[key], {
    environment: { AUTHN_HOME: home, ...environment },
    workingDirectory: home,
  });

describe("settings", () => {
  it("are the configuration's, then the embedded tenant's, then the environment's", () => {
    const variables = { KEYRI_URL: "http://127.0.0.1:2", KEYRI_TOKEN: "variable", AUTHN_TIMEOUT_MS: "7" };
    expect(resolve({}, variables).settings).toMatchObject({
      system: { url: "http://127.0.0.1:2", token: "variable" },
      authn: { timeoutMs: 7 },
    });
    expect(resolve({ "authn:tenant": "embedded" }, variables).settings).toMatchObject({
      system: { url: "http://127.0.0.1:4187", token: "tenants-token" },
      authn: { timeoutMs: 7 },
    });
    expect(resolve({ "keyri:url": "http://127.0.0.1:3" }, variables).settings?.system).toMatchObject({
      url: "http://127.0.0.1:3",
      token: "variable",
    });
  });

  it("of Hanko in the embedded tenant are those of the API that the configuration or the environment names", () => {
    const of = (configured: Record<string, string>, variables: Record<string, string> = {}) =>
      resolveSettings(hankoSection, (key) => ({ "authn:tenant": "embedded", ...configured })[key], {
        environment: { AUTHN_HOME: home, ...variables },
        workingDirectory: home,
      }).settings?.system;
    expect(of({})).toMatchObject({ api: "passkey", url: "http://127.0.0.1:4185" });
    const other = { api: "authentication", url: "http://127.0.0.1:4184", apiSecret: "tenants-secret" };
    expect(of({ "hanko:api": "authentication" })).toMatchObject(other);
    expect(of({}, { HANKO_API: "authentication" })).toMatchObject(other);
  });

  it("of a service at an address of its own take nothing from the embedded tenant: token, seed or identity", () => {
    const configured = { "authn:tenant": "embedded", "keyri:url": "http://127.0.0.1:3" };
    const { settings } = resolve(configured);
    expect(settings?.system.token).toBeUndefined();
    expect(settings?.derivation).toBeUndefined();
    const derived = (more: Record<string, string>) =>
      resolve({ ...more, "authn:seed": SEED })
        .settings?.derivation?.("purpose", owner, 1, 32)
        .toString("hex");
    expect(derived(configured)).not.toBe(derived({ "authn:tenant": "embedded" }));
    expect(derived(configured)).not.toBe(derived({ "keyri:url": "http://127.0.0.1:4" }));
  });

  it("of an explicit instance are not filled up with another account's token from the environment", () => {
    const instance = { "authn:instance": "staging", "keyri:url": "http://127.0.0.1:3" };
    expect(resolve(instance, { KEYRI_TOKEN: "other-account" }).settings?.system.token).toBeUndefined();
  });

  it("that can't be used are told all at once, each with its key, and without a secret's value", () => {
    const { faults } = resolve({
      "keyri:url": "ftp://x",
      "keyri:token": "has spaces canary",
      "keyri:paths": "{",
      "authn:seed": "seed-canary",
      "authn:maxRequestsPerSecond": "0",
    });
    expect(faults.map(({ property }) => property).sort()).toEqual(
      ["authn:maxRequestsPerSecond", "authn:seed", "keyri:paths", "keyri:token", "keyri:url"].sort(),
    );
    expect(JSON.stringify(faults)).not.toContain("canary");
  });
});
