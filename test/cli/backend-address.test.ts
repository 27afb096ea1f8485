import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { shownAddress, withShownAddresses } from "../../src/cli/backend-address.js";

describe("a backend's address", () => {
  test.each([
    ["postgres://authn:secret@db.example:5432/state?sslmode=verify-full", "postgres://db.example:5432/state"],
    ["postgres://authn:sec/r@t@/state?host=/run/pg&password=secret", "postgres:///state"],
    ["postgres://authn:sec?r@t@db.example/state", "postgres://…"],
    ["postgres://db.example/state?user=authn&password=a@b", "postgres://db.example/state"],
    ["s3://bucket/folder?region=eu-central-1", "s3://bucket/folder"],
    ["https://api.pulumi.com", "https://api.pulumi.com"],
  ])("%s is shown as %s", (url, shown) => {
    expect(shownAddress(url)).toBe(shown);
  });

  test("is shown without its password, whatever that holds", () => {
    const password = fc.string({ minLength: 8, unit: fc.constantFrom(..."aB9/?#@:%&=") });
    fc.assert(
      fc.property(password, (text) => {
        const shown = shownAddress(`postgres://authn:<${text}>@db.example/state`);
        expect(shown).not.toContain("<");
      }),
    );
  });

  test("is shown so in the engine's words too, and where they name a file under it", () => {
    const url = "postgres://authn:secret@/state?host=/run/pg&sslmode=disable";
    const words = [
      `unable to open bucket ${url}: failed to ping PostgreSQL`,
      "postgres://authn:secret@/state/.pulumi/locks/organization/shop/dev/a.json?host=/run/pg: created by ada@here (pid 12)",
      "postgres://db.example/state?user=authn&password=secret: no such host",
    ];
    for (const text of words) expect(withShownAddresses(text, url)).not.toContain("secret");
    expect(withShownAddresses(words[0] ?? "", url)).toBe(
      "unable to open bucket postgres:///state: failed to ping PostgreSQL",
    );
    expect(withShownAddresses("no backend is named here: 1@2", undefined)).toBe("no backend is named here: 1@2");
  });
});
