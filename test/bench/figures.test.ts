import fc from "fast-check";
import { expect, test } from "vitest";
import { median, medians, type Row } from "../../bench/figures.mjs";
import { bytesPerResource } from "../../bench/state.mjs";

test("the median lies in the middle: as many rounds were faster as slower", () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { minLength: 1 }), (numbers) => {
      const middle = median(numbers) ?? Number.NaN;
      const below = numbers.filter((number) => number < middle).length;
      const above = numbers.filter((number) => number > middle).length;
      expect(Math.max(below, above)).toBeLessThanOrEqual(numbers.length / 2);
    }),
  );
});

test("a figure that the system doesn't tell stays unknown over all rounds", () => {
  expect(median([])).toBeUndefined();
  expect(median([undefined, undefined])).toBeUndefined();
  expect(median([undefined, 3])).toBe(3);
});

test("rounds of one operation become one row, those of others don't mix in", () => {
  const row = (operation: Row["operation"], wallSeconds: number): Row => ({
    name: "authn",
    operation,
    figures: { wallSeconds, requests: 1, writes: 1, programCpuSeconds: undefined, programPeakBytes: undefined },
  });
  const rows = medians([row("create", 9), row("noop", 1), row("create", 5), row("create", 6), row("noop", 2)]);
  expect(rows.map(({ operation, figures }) => [operation, figures.wallSeconds])).toEqual([
    ["create", 6],
    ["noop", 1.5],
  ]);
});

test("the size of a resource leaves out the stack and the provider, whose entries don't grow with the people", () => {
  const resource = (text: string) => ({ inputs: { __provider: text } });
  const state = (...resources: object[]) => JSON.stringify({ checkpoint: { latest: { resources } } });
  const one = bytesPerResource(state(resource("ab")));
  expect(bytesPerResource(state({ type: "pulumi:pulumi:Stack" }, { inputs: {} }, resource("a"), resource("abc")))).toBe(
    one,
  );
  expect(bytesPerResource(state(resource("ä")))).toBe(one);
});
