import { describe, expect, test } from "vitest";
import { refuseUnknownNames } from "../../src/cli/replaced-names.js";
import { holdingsOf } from "../../src/cli/state.js";

const resource = (type: string, name: string, custom: boolean) => ({
  urn: `urn:pulumi:dev::shop::authn:FixtureSet$${type}::${name}`,
  type,
  custom,
});
const stack = resource("pulumi:pulumi:Stack", "shop-dev", false);
const provider = resource("pulumi:providers:pulumi-nodejs", "default", true);
const phone = resource("pulumi-nodejs:dynamic/authn:KeyriPublicKey", "ada/phone", true);
const holdings = (latest: unknown) => holdingsOf(JSON.stringify({ version: 3, checkpoint: { stack: "dev", latest } }));

describe("a stack's state", () => {
  test("holds nothing before the first up and after a destroy", () => {
    for (const latest of [undefined, null, {}, { resources: null }, { resources: [] }]) {
      expect(holdings(latest)).toEqual({ nothing: true, declared: [] });
    }
  });

  test("holds something where only leftovers, or a creation that was cut off, are in it", () => {
    expect(holdings({ resources: [stack, provider] })).toEqual({ nothing: false, declared: [] });
    expect(holdings({ resources: [], pending_operations: [{ type: "creating" }] })?.nothing).toBe(false);
  });

  test("tells the declared resources by name", () => {
    expect(holdings({ resources: [stack, provider, phone] })?.declared).toEqual(["ada/phone"]);
  });

  test("is never taken for empty where it can't be read", () => {
    for (const text of ["", "{", "{}", '{"checkpoint":{"latest":{"resources":[{}]}}}']) {
      expect(holdingsOf(text)).toBeUndefined();
    }
  });
});

describe("--replace", () => {
  const holds = { nothing: false, declared: ["ada/phone", "grace/laptop"] };
  const refuse =
    (...names: string[]) =>
    () =>
      refuseUnknownNames(names, holds, "dev");

  test("takes names that the stack holds", () => expect(refuse("ada/phone", "grace/laptop")).not.toThrow());

  test("refuses another one as wrong usage, and names the nearest", () => {
    expect(refuse("ada/phone", "grace/lapto")).toThrow(/no resource grace\/lapto\b.*Did you mean grace\/laptop\?/s);
    expect(refuse("nobody/x")).toThrow(expect.objectContaining({ code: "ERR_AUTHN_USAGE" }));
  });

  test("leaves the judgement to the engine where the state can't be read", () => {
    expect(() => refuseUnknownNames(["nobody/x"], undefined, "dev")).not.toThrow();
  });
});
