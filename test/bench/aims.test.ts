import { expect, test } from "vitest";
import type { Figures, ResourceName, Row, Run } from "../../bench/figures.mjs";
import { verdict } from "../../bench/report/aim.mjs";
import { aimsOf, memoryGrowth } from "../../bench/report/aims.mjs";
import { agentAim, besideRingsAims, imagesAim, registrationsAim } from "../../bench/report/measure-aims.mjs";
import { resourceNames } from "../../bench/resources/index.mjs";

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

const run = (users: number, rows: readonly Row[], resource: ResourceName = "KeyriPublicKey"): Run => ({
  resource,
  users,
  parallel: 8,
  skipCheckpoints: false,
  rounds: 1,
  rows,
  notes: [],
});

const aimOf = (rows: readonly Row[], words: RegExp, resource?: ResourceName) =>
  aimsOf(run(10, rows, resource)).find(({ aim }) => words.test(aim));

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

test.each(resourceNames)("what was not measured of %s is neither met nor missed", (resource) => {
  const verdicts = aimsOf(run(10, [], resource)).map(verdict);
  expect(new Set(verdicts)).toEqual(new Set(["n/a"]));
});

test("a refresh may ask once for a key, twice for a user, and once for a user whose devices aren't read", () => {
  const refresh = (operation: Row["operation"], requests: number) => [row("authn", operation, { requests })];
  const judged = (rows: readonly Row[], words: RegExp, resource: ResourceName) => {
    const aim = aimOf(rows, words, resource);
    return aim && [aim.measured, verdict(aim)];
  };
  expect(judged(refresh("refresh", 20), /^refresh:/, "KeyriPublicKey")).toEqual([2, "missed"]);
  expect(judged(refresh("refresh", 20), /^refresh:/, "KeylessUser")).toEqual([2, "met"]);
  expect(judged(refresh("refresh", 21), /^refresh:/, "KeylessUser")).toEqual([2.1, "missed"]);
  expect(judged(refresh("refreshWithoutDevices", 10), /readDevices=false/, "KeylessUser")).toEqual([1, "met"]);
  expect(judged(refresh("refreshWithoutDevices", 11), /readDevices=false/, "KeylessUser")).toEqual([1.1, "missed"]);
});

test("a refresh of passkeys may ask for the pages of their list, and once more for each read that is under way at once", () => {
  const judged = (users: number, requests: number) => {
    const rows = [row("authn", "refresh", { requests })];
    const aim = aimsOf(run(users, rows, "HankoCredential")).find(({ aim }) => /^refresh: requests/.test(aim));
    return aim && verdict(aim);
  };
  expect([judged(100, 9), judged(100, 10)]).toEqual(["met", "missed"]);
  expect([judged(101, 10), judged(101, 11)]).toEqual(["met", "missed"]);
  expect([judged(1_000, 18), judged(1_000, 208)]).toEqual(["met", "missed"]);
});

test("for a ring to which nothing happens nobody is asked, and a refresh reads its document once", () => {
  const judged = (operation: Row["operation"], requests: number, words: RegExp) => {
    const aim = aimOf([row("authn", operation, { requests })], words, "BaikalClientKeys");
    return aim && verdict(aim);
  };
  const bounds = (operation: Row["operation"], most: number, words: RegExp) => [
    judged(operation, most, words),
    judged(operation, most + 1, words),
  ];
  expect(bounds("noop", 0, /^no-op: requests/)).toEqual(["met", "missed"]);
  expect(bounds("refresh", 10, /^refresh: requests/)).toEqual(["met", "missed"]);
});

test("RSA keys that hold up the event loop miss each aim, and those made beside it miss none", () => {
  const beside = (name: "ES256" | "RS256" | "blocking", ms: number) => ({
    ...{ beside: name, count: 10, wallSeconds: 1, pauseP99Ms: ms, pauseMaxMs: ms, keyMedianMs: ms, keyMaxMs: ms },
  });
  const judged = (rsaMs: number) =>
    besideRingsAims({ rows: [beside("ES256", 10), beside("RS256", rsaMs), beside("blocking", 100)], notes: [] }).map(
      verdict,
    );
  expect(judged(12)).toEqual(["met", "met", "met"]);
  expect(judged(100)).toEqual(["missed", "missed", "missed"]);
  expect(besideRingsAims({ rows: [], notes: [] }).map(verdict)).toEqual(["n/a", "n/a", "n/a"]);
});

test("a registration may cost 2 ms of our CPU once the first is made, and its wall doesn't count", () => {
  const cost = (cpuSeconds: number) => ({ cpuSeconds, wallSeconds: 9 });
  const aim = (each: number) => registrationsAim({ count: 10, first: cost(0.1), each: cost(each), notes: [] });
  expect([aim(0.002), aim(0.0021)].map(verdict)).toEqual(["met", "missed"]);
});

test("our own CPU time a user leaves out the engine, what bare resources cost, and the plain requests", () => {
  const cpu = (programCpuSeconds: number, providerCpuSeconds: number) => ({
    programCpuSeconds,
    providerCpuSeconds,
    engineCpuSeconds: 100,
  });
  const rows = (own: number) => [
    row("plain", "create", { programCpuSeconds: 0.25 }),
    row("bare", "create", cpu(1, 0.5)),
    row("authn", "create", cpu(1.25, own)),
  ];
  const words = /CPU of program and provider/;
  // 1.25 + 0.53 - 1.5 - 0.25 = 0.03 s for ten users.
  const judged = (own: number, resource: ResourceName) => {
    const aim = aimOf(rows(own), words, resource);
    return aim && verdict(aim);
  };
  expect([judged(0.519, "HankoCredential"), judged(0.53, "HankoCredential")]).toEqual(["met", "missed"]);
  const met = aimOf(rows(0.53), words, "KeylessUser");
  expect(met?.measured).toBeCloseTo(3, 6);
  const missed = aimOf(rows(0.54), words, "KeylessUser");
  expect(missed && verdict(missed)).toBe("missed");
  expect(aimOf(rows(0.53).slice(1), words, "KeylessUser")?.measured).toBeUndefined();
});

test("through a busy agent the whole run counts, its start and end too, against what the agent alone would need", () => {
  const agent = (wallSeconds: number) =>
    agentAim({ users: 100, latencyMs: 3_000, concurrency: 5, figures: { ...figures, wallSeconds }, notes: [] });
  expect(agent(60).measured).toBe(100);
  expect([agent(63), agent(64)].map(verdict)).toEqual(["met", "missed"]);
});

test("a busy agent, large pictures or registrations that couldn't be measured are neither met nor missed", () => {
  const sized = (imageBytes: number) => ({ imageBytes, figures: undefined });
  const images = imagesAim({ users: 2, concurrency: 4, small: sized(1), large: sized(2), notes: [] });
  const agent = agentAim({ users: 2, latencyMs: 3_000, concurrency: 5, figures: undefined, notes: [] });
  const registrations = registrationsAim({ count: 2, first: undefined, each: undefined, notes: [] });
  expect([images, agent, registrations].map(verdict)).toEqual(["n/a", "n/a", "n/a"]);
});

test("a provider that holds large pictures in memory misses its aim", () => {
  const sized = (providerPeakBytes: number) => ({ imageBytes: 1, figures: { ...figures, providerPeakBytes } });
  const images = (large: number) =>
    imagesAim({ users: 2, concurrency: 4, small: sized(190), large: sized(large), notes: [] });
  expect([images(200), images(270)].map(verdict)).toEqual(["met", "missed"]);
});

test("the provider's memory at 1,000 people stands beside that at 100, and is left out where one of them wasn't run", () => {
  const peak = (providerPeakBytes: number) => [row("authn", "create", { providerPeakBytes })];
  const growth = memoryGrowth([run(100, peak(100)), run(1_000, peak(150))]);
  expect(growth.find(({ operation }) => operation === "create")?.authn).toBe(1.5);
  expect(memoryGrowth([run(20, peak(100)), run(1_000, peak(150))])).toEqual([]);
});
