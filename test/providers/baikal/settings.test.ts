/** Which configuration Baikal takes, and what it makes of it. */
import { describe, expect, it } from "vitest";
import { baikalSection } from "../../../providers/baikal/settings.js";
import { parseSection } from "../../../providers/host/configuration.js";

const parse = (settings: Readonly<Record<string, string>>) =>
  parseSection(baikalSection, (key) => settings[key.replace("baikal:", "")]);

describe("baikal's configuration", () => {
  it("needs nothing: what a ring needs, its declaration says", () => {
    expect(parse({})).toEqual({ settings: {}, faults: [] });
  });

  it("brings addresses to one form: discovery's without its one slash, the publisher's without any", () => {
    const { settings } = parse({ endpoint: "https://auth.example.com/", publishUrl: "https://keys.example.com/a//" });
    expect(settings).toEqual({ endpoint: "https://auth.example.com", publishUrl: "https://keys.example.com/a" });
  });

  it.each([
    ["endpoint", "auth.example.com", "http or https"],
    ["endpoint", "https://auth.example.com/?tenant=1", "no query"],
    ["clientId", "a:b", "colon"],
    ["clientSecret", "sécret-canary", "printable ASCII"],
    ["publishToken", "two words canary", "without spaces"],
    ["publishUrl", "ftp://keys.example.com", "http or https"],
  ])("names %s where it can't be used: %s", (key, value, reason) => {
    const { faults } = parse({ [key]: value });
    expect(faults).toEqual([{ property: `baikal:${key}`, reason: expect.stringContaining(reason) }]);
    expect(JSON.stringify(faults)).not.toContain("canary");
  });
});
