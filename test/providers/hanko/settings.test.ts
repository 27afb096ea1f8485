/** Hanko's configuration, fault by fault: each names its key, what was expected, and never a secret's value. */
import { describe, expect, it } from "vitest";
import { hankoSection } from "../../../providers/hanko/settings.js";
import { parseSection } from "../../../providers/host/configuration.js";

const TENANT = "3f0a2b52-6a6b-4a5e-9a59-0f4b8a5f3c11";
const PARTY = { rpId: "example.com", origin: "https://login.example.com" };
const PASSKEY = { url: "https://passkeys.hanko.io/", tenantId: TENANT, apiKey: "key-canary", ...PARTY };
const AUTHENTICATION = {
  api: "authentication",
  url: "https://1.authentication.hanko.io/",
  apiKeyId: "key-id",
  apiSecret: "secret-canary",
  ...PARTY,
};

function parse(values: Readonly<Record<string, string | undefined>>) {
  return parseSection(hankoSection, (key) => values[key.replace("hanko:", "")]);
}

describe("Hanko's settings", () => {
  it("are the Passkey API's where nothing else is said, with an address that has no slash at its end", () => {
    expect(parse(PASSKEY).settings).toEqual({ api: "passkey", ...PASSKEY, url: "https://passkeys.hanko.io" });
  });

  it("hold only what the chosen API uses", () => {
    const both = { ...PASSKEY, ...AUTHENTICATION };
    expect(parse(both).settings).toEqual({ ...AUTHENTICATION, url: "https://1.authentication.hanko.io" });
    expect(parse({ ...AUTHENTICATION, apiKeyId: undefined }).settings).not.toHaveProperty("apiKeyId");
  });

  it("tell two tenants of one server apart in derivations", () => {
    const one = parse(PASSKEY).settings;
    const other = parse(AUTHENTICATION).settings;
    expect(one && hankoSection.serviceUrl(one)).toBe(`https://passkeys.hanko.io/${TENANT}`);
    expect(other && hankoSection.serviceUrl(other)).toBe("https://1.authentication.hanko.io");
  });

  it.each([
    ["passkey", PASSKEY, ["url", "tenantId", "apiKey", "rpId", "origin"]],
    ["authentication", AUTHENTICATION, ["url", "apiSecret", "rpId", "origin"]],
  ])("name all that is missing for the %s API at once, and how to set it", (api, _, required) => {
    const { faults } = parse({ api });
    expect(faults.map(({ property }) => property).sort()).toEqual(required.map((key) => `hanko:${key}`).sort());
    for (const { property, reason } of faults) {
      const secret = /apiSecret|apiKey/.test(property) ? "--secret " : "";
      expect(reason).toContain(`is missing: pulumi config set ${secret}${property} …`);
    }
  });

  it.each<[string, string, Readonly<Record<string, string>>, RegExp]>([
    ["api", "webauthn", PASSKEY, /"authentication" or "passkey"/],
    ["url", "passkeys.hanko.io", PASSKEY, /http or https/],
    ["url", "https://passkeys.hanko.io/?a=1", PASSKEY, /no query/],
    ["url", `https://passkeys.hanko.io/${TENANT}/`, PASSKEY, /set that as hanko:tenantId/],
    ["url", "https://1.authentication.hanko.io/v1/webauthn", AUTHENTICATION, /origin without a path/],
    ["tenantId", "acme", PASSKEY, /UUID/],
    ["apiKey", "spaced canary", PASSKEY, /printable ASCII/],
    ["apiSecret", "canary\r\nx: y", AUTHENTICATION, /printable ASCII/],
    ["apiKeyId", "a b", AUTHENTICATION, /printable ASCII/],
    ["rpId", "https://example.com", PASSKEY, /domain in lower case/],
    ["origin", "https://example.com/login", PASSKEY, /origin/],
    ["rpId", "other.example", PASSKEY, /neither the host of https:\/\/login\.example\.com nor a parent domain/],
    ["rpId", "login.example.com.", AUTHENTICATION, /domain/],
  ])("name %s where it is %j", (key, value, sound, reason) => {
    const { faults } = parse({ ...sound, [key]: value });
    expect(faults).toEqual([{ property: `hanko:${key}`, reason: expect.stringMatching(reason) }]);
    expect(JSON.stringify(faults)).not.toContain("canary");
  });

  it("refuse a page that browsers have no passkeys on", () => {
    const { faults } = parse({ ...PASSKEY, origin: "http://example.com" });
    expect(faults).toEqual([{ property: "hanko:rpId", reason: expect.stringMatching(/https origin.*hanko:origin/) }]);
  });
});
