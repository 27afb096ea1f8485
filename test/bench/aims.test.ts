import { expect, test } from "vitest";
import type { Figures, Row, Run } from "../../bench/figures.mjs";
import { aimsOf, memoryGrowth, verdict } from "../../bench/report/aims.mjs";

const figures: Figures = {
  wallSeconds: 1,
  requests: 0,
  writes: 0,
  programCpuSeconds: undefined,
  programPeakBytes: undefined,
};

const row = (name: Row["name"], operation: Row["operation"], own: Partial<Figures>): Row => ({
  name,
  operation,
  figures: { ...figures, ...own },
});

const run = (users: number, rows: readonly Row[]): Run => ({
  users,
  skipCheckpoints: false,
  rounds: 1,
  rows,
  notes: [],
});

const aimOf = (rows: readonly Row[], words: RegExp) => aimsOf(run(10, rows)).find(({ aim }) => words.test(aim));

test("the plain requests are taken off a create before it is held against the bare resources", () => {
  const aim = aimOf(
    [
      row("plain", "create", { wallSeconds: 2 }),
      row("bare", "create", { wallSeconds: 4 }),
      row("authn", "create", { wallSeconds: 7 }),
    ],
    /^create/,
  );
  expect(aim?.measured).toBe(1.25);
  expect(aim && verdict(aim)).toBe("met");
});

test("a no-op that costs more than 1.3 times the bare one is shown as missed", () => {
  const rows = [row("bare", "noop", { wallSeconds: 2 }), row("authn", "noop", { wallSeconds: 2.7 })];
  const aim = aimOf(rows, /^no-op, wall/);
  expect(aim && verdict(aim)).toBe("missed");
});

test("CPU time counts for all processes together, and is unknown as soon as one of them is", () => {
  const cpu = (each: number, providerCpuSeconds: number | undefined): Partial<Figures> => ({
    programCpuSeconds: each,
    engineCpuSeconds: each,
    providerCpuSeconds,
  });
  const bare = row("bare", "noop", cpu(1, 2));
  expect(aimOf([bare, row("authn", "noop", cpu(1, 4))], /^no-op, CPU/)?.measured).toBe(1.5);
  expect(aimOf([bare, row("authn", "noop", cpu(1, undefined))], /^no-op, CPU/)?.measured).toBeUndefined();
});

test("what was not measured is neither met nor missed", () => {
  const verdicts = aimsOf(run(10, [])).map(verdict);
  expect(new Set(verdicts)).toEqual(new Set(["n/a"]));
});

test("a refresh that asks twice for a resource misses its aim", () => {
  const aim = aimOf([row("authn", "refresh", { requests: 20 })], /^refresh/);
  expect(aim?.measured).toBe(2);
  expect(aim && verdict(aim)).toBe("missed");
});

test("the provider's memory at 1,000 people stands beside that at 100, and is left out where one of them wasn't run", () => {
  const peak = (providerPeakBytes: number) => [row("authn", "create", { providerPeakBytes })];
  const growth = memoryGrowth([run(100, peak(100)), run(1_000, peak(150))]);
  expect(growth.find(({ operation }) => operation === "create")?.authn).toBe(1.5);
  expect(memoryGrowth([run(20, peak(100)), run(1_000, peak(150))])).toEqual([]);
});
