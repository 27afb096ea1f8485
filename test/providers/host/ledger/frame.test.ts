import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { framesOf, KINDS, newRevision, openRecord, sealRecord } from "../../../../providers/host/ledger/frame.js";
import { newHeader } from "../../../../providers/host/ledger/header.js";
import { SEED, scope } from "./_ledger.js";

const draft = {
  ...{ ...scope, host: "6f6c4a7e-3f0e-4a7c-9d43-0d6f2b8d1c11", ordinal: 1, pid: 0, hostname: "here" },
  ...{ startedAt: "2026-01-01T00:00:00.000Z", operation: "operation" },
};
const { key } = newHeader(draft, SEED);
const record = fc.record({ kind: fc.constantFrom(...KINDS), payload: fc.json({ maxDepth: 2 }) });
const written = (records: readonly { kind: (typeof KINDS)[number]; payload: string }[]) =>
  records.map(({ kind, payload }, index) => sealRecord({ kind, revision: newRevision() }, payload, index, key));

describe("records of a journal", () => {
  it("are read as they were written, in their order", () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 8 }), (records) => {
        const frames = framesOf(Buffer.concat(written(records)));
        expect(frames).toMatchObject({ tornBytes: 0, damagedAt: undefined });
        expect(frames.records.map(({ kind }) => kind)).toEqual(records.map(({ kind }) => kind));
        expect(frames.records.map((sealed) => openRecord(sealed, key))).toEqual(records.map(({ payload }) => payload));
      }),
    );
  });

  it("cut off anywhere, all whole ones are read and the rest is known to be torn", () => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 5 }), fc.nat(), (records, at) => {
        const sealed = written(records);
        const bytes = Buffer.concat(sealed);
        const cut = at % bytes.length;
        const { records: whole, tornBytes, damagedAt } = framesOf(bytes.subarray(0, cut));
        const ends = sealed.map((_, index) => sealed.slice(0, index + 1).reduce((sum, frame) => sum + frame.length, 0));
        const expected = ends.filter((end) => end <= cut).length;
        expect(damagedAt).toBeUndefined();
        expect(whole).toHaveLength(expected);
        expect(tornBytes).toBe(cut - (ends[expected - 1] ?? 0));
      }),
    );
  });

  it("with one bit turned, none is taken for what was written", () => {
    fc.assert(
      fc.property(record, fc.nat(), fc.integer({ min: 0, max: 7 }), (one, at, bit) => {
        const bytes = Buffer.concat(written([one]));
        const place = at % bytes.length;
        bytes[place] = (bytes[place] ?? 0) ^ (1 << bit);
        const opened = framesOf(bytes).records.map((sealed) => openRecord(sealed, key));
        expect(opened.filter((text) => text !== undefined)).toEqual([]);
      }),
    );
  });

  it("changed places, left out or brought from another journal, are not opened", () => {
    const [first, second] = written([
      { kind: "intent", payload: "1" },
      { kind: "done", payload: "2" },
    ]);
    if (first === undefined || second === undefined) throw new Error("two were written");
    const open = (bytes: Buffer, by = key) => framesOf(bytes).records.map((sealed) => openRecord(sealed, by));
    expect(open(Buffer.concat([first, second]))).toEqual(["1", "2"]);
    expect(open(Buffer.concat([second, first]))).toEqual([undefined, undefined]);
    expect(open(second)).toEqual([undefined]);
    expect(open(first, newHeader(draft, SEED).key)).toEqual([undefined]);
  });

  it("a file that was lengthened with zeros and never filled is torn, not damaged", () => {
    const [first] = written([{ kind: "intent", payload: "1" }]);
    const frames = framesOf(Buffer.concat([first ?? Buffer.alloc(0), Buffer.alloc(100)]));
    expect(frames).toMatchObject({ tornBytes: 100, damagedAt: undefined });
    expect(frames.records).toHaveLength(1);
  });
});
