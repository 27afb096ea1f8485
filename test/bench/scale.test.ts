import { expect, test } from "vitest";
import type { Figures, ResourceName, Row, Run } from "../../bench/figures.mjs";
import { verdict } from "../../bench/report/aim.mjs";
import { aimsOf } from "../../bench/report/aims.mjs";
import { resultsText } from "../../bench/report/results.mjs";
import { costGrowth, growthAim } from "../../bench/report/scale.mjs";
import { summaryText } from "../../bench/report/summary.mjs";

const row = (name: Row["name"], operation: Row["operation"], own: Partial<Figures>): Row => ({
  name,
  operation,
  figures: { wallSeconds: 1, requests: 0, writes: 0, programCpuSeconds: 1, programPeakBytes: 1, ...own },
});
const run = (users: number, rows: readonly Row[], own: Partial<Run> = {}): Run => ({
  resource: "KeyriPublicKey",
  users,
  parallel: 8,
  skipCheckpoints: true,
  rounds: 1,
  rows,
  notes: [],
  ...own,
});
const judged = (one: Run, words: RegExp) =>
  aimsOf(one)
    .filter(({ aim }) => words.test(aim))
    .map((aim) => [aim.measured, verdict(aim)]);
const wall = (name: Row["name"], wallSeconds: number, operation: Row["operation"] = "create") =>
  row(name, operation, { wallSeconds });

test("a create may take 1.3 times what bare resources and plain requests take together", () => {
  const created = (seconds: number) => run(1_000, [wall("bare", 4), wall("plain", 2), wall("authn", seconds)]);
  expect(judged(created(7.8), /together/)).toEqual([[1.3, "met"]]);
  expect(judged(created(7.9), /together/)[0]?.[1]).toBe("missed");
});

test("the ledger's share of a create is what is gone when it is off", () => {
  const created = (without: number) => run(1_000, [wall("authn", 10), wall("withoutLedger", without)]);
  expect(judged(created(9), /wall: the ledger/)).toEqual([[10, "met"]]);
  expect(judged(created(8.9), /wall: the ledger/)[0]?.[1]).toBe("missed");
  expect(judged(run(1_000, [wall("authn", 10)]), /wall: the ledger/)).toEqual([[undefined, "n/a"]]);
});

test("what the ledger takes of the processors counts too, since waits hide it from the clock", () => {
  const cpu = (name: Row["name"], providerCpuSeconds: number) =>
    row(name, "create", { programCpuSeconds: 4, engineCpuSeconds: 2, providerCpuSeconds });
  const rows = [cpu("authn", 4), cpu("withoutLedger", 2)];
  expect(judged(run(1_000, rows), /CPU of all processes: the ledger/)).toEqual([[20, "missed"]]);
});

test("of 10,000 the provider's largest peak counts, whatever was done at it; of fewer it is no aim", () => {
  const peak = (operation: Row["operation"], providerPeakBytes: number) =>
    row("authn", operation, { providerPeakBytes });
  const peaks = (most: number) => [peak("create", 2e8), peak("refresh", most), peak("destroy", 1e8)];
  expect(judged(run(10_000, peaks(4e8)), /memory/)).toEqual([[400, "met"]]);
  expect(judged(run(10_000, peaks(4.01e8)), /memory/)[0]?.[1]).toBe("missed");
  expect(judged(run(10_000, []), /memory/)).toEqual([[undefined, "n/a"]]);
  expect(judged(run(5_000, peaks(9e8)), /memory/)).toEqual([]);
});

test("how many times faster than written by hand is told for either way of running that, and only where there is such a one", () => {
  const rows = [wall("authn", 2), wall("hand", 8), wall("handCheckpoints", 100)];
  const create = /^create, wall: times as fast/;
  expect(judged(run(1_000, rows), create).map(([measured]) => measured)).toEqual([4, 50]);
  expect(judged(run(1_000, [wall("authn", 2), wall("hand", 1)]), create)[0]).toEqual([0.5, "missed"]);
  expect(judged(run(1_000, rows, { resource: "KeylessUser" }), create)).toEqual([]);
  expect(judged(run(100, rows, { skipCheckpoints: false }), create)).toEqual([]);
});

test("one resource of the largest run is held against one of a thousand, however many there are in all", () => {
  const growth = (seconds: number) =>
    costGrowth([
      run(1_000, [wall("authn", 8)]),
      run(5_000, [wall("authn", 400)]),
      run(10_000, [wall("authn", seconds)]),
    ]);
  const judge = (seconds: number) => {
    const found = growth(seconds);
    return (found?.growth ?? []).map((each) => verdict(growthAim(each, found?.users ?? 0)));
  };
  expect(growth(96)?.users).toBe(10_000);
  expect([judge(96), judge(97)]).toEqual([["met"], ["missed"]]);
});

test("runs that write the state at each step say nothing of growth, since that is quadratic by itself", () => {
  const many = run(10_000, [wall("authn", 96)]);
  expect(costGrowth([run(1_000, [wall("authn", 8)], { skipCheckpoints: false }), many])).toBeUndefined();
  expect(costGrowth([many])).toBeUndefined();
});

const results = (runs: readonly Run[]) => ({
  surroundings: [
    { name: "Machine", value: "2 x Abacus" },
    { name: "Load before", value: "0.1" },
  ],
  runs,
  agent: undefined,
  images: undefined,
  registrations: undefined,
  besideRings: undefined,
  waits: [],
});

test("the summary names the machine, each subject's times, and each aim with its verdict", () => {
  const of = (name: Row["name"], create: number, noop: number) => [wall(name, create), wall(name, noop, "noop")];
  const rows = [...of("authn", 9, 7), ...of("bare", 4, 5), wall("plain", 3), wall("handCheckpoints", 513)];
  const text = summaryText(results([run(1_000, rows), run(10_000, [wall("authn", 100)])]));
  const line = (words: RegExp) => text.split("\n").find((each) => words.test(each));
  expect(text).toContain("- Machine: 2 x Abacus");
  expect(line(/pulumi-authn/)).toMatch(/KeyriPublicKey, 1000 .* 9\.0 \| +7\.0 \|/);
  expect(line(/by hand, checkpoints/)).toContain("513.0");
  expect(line(/no-op, wall: against bare/)).toMatch(/1\.40 \| +<= 1\.3x \| missed/);
  expect(line(/default checkpoints/)).toMatch(/57\.00 \| +>= 1x \| +met/);
  expect(line(/one of 10000 against one of 1000/)).toMatch(/1\.11 \| +<= 1\.2x \| +met/);
  // What wasn't measured stands in the whole report only.
  expect(text).not.toContain("n/a");
});

test("the whole report has the same summary, and what each process costs beyond bare resources", () => {
  const cpu = (name: Row["name"], programCpuSeconds: number) =>
    row(name, "create", { programCpuSeconds, engineCpuSeconds: 2, providerCpuSeconds: 1 });
  const given = results([run(1_000, [cpu("authn", 5), cpu("bare", 3.5)])]);
  const text = resultsText(given);
  expect(text).toContain(summaryText(given).trim());
  expect(text).toMatch(
    /KeyriPublicKey, 1000 \| +create \| +5\.00 \| +1\.50 \| +2\.00 \| +0\.00 \| +1\.00 \| +0\.00 \|/,
  );
});

test.each<ResourceName>(["KeyriPublicKey", "KeylessUser", "HankoCredential", "BaikalClientKeys"])(
  "a report can be written of %s though nothing of it was measured",
  (resource) => {
    expect(resultsText(results([run(10_000, [], { resource })]))).toContain(`## ${resource}: 10000`);
  },
);
