import { decode } from "cborg";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type CborValue, canonicalCbor } from "../../../../providers/hanko/authenticator/canonicalCbor.js";

const { value: anyValue } = fc.letrec<{ value: CborValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.boolean(),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.string({ unit: "binary" }),
    fc.uint8Array(),
    fc.array(tie("value"), { maxLength: 4 }),
    fc
      .array(fc.tuple(fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.string({ unit: "binary" })), tie("value")), {
        maxLength: 8,
      })
      .map((members) => new Map(members)),
  ),
}));

const mapOfKeys = z.map(z.union([z.number(), z.string()]), z.boolean());

/** CTAP 2.1 §8: by major type, then by length, then by bytes. Read from the encoded keys, not from their values. */
function inCtap2Order(one: Buffer, other: Buffer): boolean {
  const [major, otherMajor] = [(one[0] ?? 0) >> 5, (other[0] ?? 0) >> 5];
  if (major !== otherMajor) return major < otherMajor;
  if (one.length !== other.length) return one.length < other.length;
  return Buffer.compare(one, other) < 0;
}

describe("canonical CBOR", () => {
  it("has the keys of a map in CTAP2's order, whatever order they were given in", () => {
    const key = fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.string({ unit: "binary" }));
    fc.assert(
      fc.property(fc.uniqueArray(key, { maxLength: 12 }), (keys) => {
        const bytes = canonicalCbor(new Map(keys.map((one) => [one, true])));
        const decoded = [...mapOfKeys.parse(decode(bytes, { useMaps: true })).keys()];
        const encoded = decoded.map((one) => canonicalCbor(one));
        for (const [index, next] of encoded.slice(1).entries())
          expect(inCtap2Order(encoded[index] ?? Buffer.alloc(0), next)).toBe(true);
        expect(decoded.length).toBe(keys.length);
      }),
    );
  });

  it("is read by a strict decoder, gives the value back, and is the same bytes for the same value", () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const bytes = canonicalCbor(value);
        const decoded: CborValue = decode(bytes, {
          useMaps: true,
          strict: true,
          rejectDuplicateMapKeys: true,
          allowIndefinite: false,
        });
        expect(canonicalCbor(decoded)).toEqual(bytes);
        expect(canonicalCbor(turned(value))).toEqual(bytes);
      }),
    );
  });

  it("writes integers as short as they can be", () => {
    const hex = (value: CborValue) => canonicalCbor(value).toString("hex");
    expect([0, 23, 24, 255, 256, 65_535, 65_536, -1, -24, -25, -257].map(hex)).toEqual([
      "00",
      "17",
      "1818",
      "18ff",
      "190100",
      "19ffff",
      "1a00010000",
      "20",
      "37",
      "3818",
      "390100",
    ]);
  });
});

/** The same value with the members of its maps in the opposite order. */
function turned(value: CborValue): CborValue {
  if (value instanceof Map) return new Map([...value].reverse().map(([key, member]) => [key, turned(member)]));
  if (Array.isArray(value)) return value.map(turned);
  return value;
}
