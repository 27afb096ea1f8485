import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../../providers/hanko/canonicalJson.js";

describe("the canonical JSON of a transaction", () => {
  it.each([
    [{ b: 1, a: 2 }, '{"a":2,"b":1}'],
    [{ "10": 1, "9": 2, a: 3, A: 4, "": 5 }, '{"":5,"10":1,"9":2,"A":4,"a":3}'],
    [{ text: "<b>1 & 2</b>" }, '{"text":"\\u003cb\\u003e1 \\u0026 2\\u003c/b\\u003e"}'],
    [{ "<": 1, ">": 2, "&": 3 }, '{"\\u0026":3,"\\u003c":1,"\\u003e":2}'],
    ["line\u2028para\u2029", '"line\\u2028para\\u2029"'],
    [
      'tab\t, feed\f, back\b, bell\u0007, quote", slash/\\',
      '"tab\\t, feed\\f, back\\b, bell\\u0007, quote\\", slash/\\\\"',
    ],
    [{ list: [{ z: [], a: {} }, null, true, "ü"] }, '{"list":[{"a":{},"z":[]},null,true,"ü"]}'],
    ["Grüße, 世界 😀\u007f", '"Grüße, 世界 😀\u007f"'],
    [[1, -1.5, 1e21, 1e-7, 123456789012345680000, 0.000001], "[1,-1.5,1e+21,1e-7,123456789012345680000,0.000001]"],
    [{}, "{}"],
    ["", '""'],
    [0, "0"],
    [-0, "0"],
    [false, "false"],
    [{ gone: undefined, at: new Date(0) }, '{"at":"1970-01-01T00:00:00.000Z"}'],
    [JSON.parse('{"__proto__":1,"a":2}'), '{"__proto__":1,"a":2}'],
  ])("of %j is %s", (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it("has its keys in the order of their UTF-8 bytes, which is not that of UTF-16", () => {
    expect(canonicalJson({ "😀": 1, "\uff5e": 2, z: 3 })).toBe('{"z":3,"\uff5e":2,"😀":1}');
  });

  it("says the same as the JSON it comes from, in a text of its own only", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        fc.pre(value !== null);
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(text).not.toMatch(/[<>&\u2028\u2029]/);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });

  it.each([
    ["null", null],
    ["nothing", undefined],
    ["a number beyond all, which JSON makes null", Number.POSITIVE_INFINITY],
    ["a function", () => 1],
    ["a BigInt", { amount: 1n }],
    ["half a surrogate pair", { text: "\ud83d" }],
    ["half a surrogate pair in a key", { "\ude00": 1 }],
  ])("is refused for %s", (_name, value) => {
    expect(() => canonicalJson(value)).toThrow("can't be signed");
  });
});
