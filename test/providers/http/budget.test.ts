import { describe, expect, it } from "vitest";
import { OriginBudget } from "../../../providers/http/budget.js";
import { client, GET, manualClock, serve } from "./service.js";

describe("the budget of requests a second", () => {
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const pass = async (clock: ReturnType<typeof manualClock>, ms: number) => {
    // In small steps: a sleeper that is woken late would begin late.
    for (let passed = 0; passed < ms; passed += 10) {
      clock.advance(10);
      await turn();
    }
  };
  const begin = (budget: OriginBudget, count: number) => {
    const begun: number[] = [];
    for (let index = 0; index < count; index += 1) void budget.run(async () => void begun.push(index), 1);
    return begun;
  };
  const silence = (budget: OriginBudget, retryAfterMs: number) =>
    budget.turnedAway({ begunMs: 0, retryAfterMs, forItsRate: true });

  it("is spread evenly, so that no window of a second ever holds more", async () => {
    const clock = manualClock();
    const begun = begin(new OriginBudget({ concurrency: 16, requestsPerSecond: 5 }, clock), 12);
    await turn();
    expect(begun).toHaveLength(1);
    await pass(clock, 500);
    expect(begun).toHaveLength(3);
    await pass(clock, 490);
    expect(begun).toHaveLength(5);
    await pass(clock, 2_000);
    expect(begun).toHaveLength(12);
  });

  it.each([0.5, 0.000_000_1, Number.MIN_VALUE])("may be as low as %f, which holds the second back", async (rate) => {
    const clock = manualClock();
    const begun = begin(new OriginBudget({ concurrency: 16, requestsPerSecond: rate }, clock), 3);
    await pass(clock, 1_900);
    expect(begun).toHaveLength(1);
  });

  it("may be so high that it limits nothing", async () => {
    const begun = begin(new OriginBudget({ concurrency: 16, requestsPerSecond: Number.MAX_VALUE }, manualClock()), 100);
    await turn();
    expect(begun).toHaveLength(100);
  });

  it("is the lower of two, also for the requests that wait already", async () => {
    const clock = manualClock();
    const budget = new OriginBudget({ concurrency: 16, requestsPerSecond: 20 }, clock);
    const begun = begin(budget, 12);
    await pass(clock, 60);
    expect(begun).toHaveLength(2);
    budget.tighten({ concurrency: 16, requestsPerSecond: 2 });
    budget.tighten({ concurrency: 16, requestsPerSecond: undefined });
    await pass(clock, 1_000);
    expect(begun.length).toBeLessThanOrEqual(5);
    await pass(clock, 10_000);
    expect(begun).toHaveLength(12);
  });

  it("is kept though the clock is set back by an hour", async () => {
    let setBackMs = 0;
    const manual = manualClock();
    const clock = { ...manual, now: () => manual.now() - setBackMs };
    const begun = begin(new OriginBudget({ concurrency: 16, requestsPerSecond: 10 }, clock), 12);
    await pass(manual, 300);
    setBackMs = 3_600_000;
    await pass(manual, 1_000);
    expect(begun).toHaveLength(12);
  });

  it("lets what was turned away go first when a silence ends", async () => {
    const clock = manualClock();
    const budget = new OriginBudget({ concurrency: 1, requestsPerSecond: undefined }, clock);
    const begun: string[] = [];
    silence(budget, 1_000);
    void budget.run(async () => void begun.push("under way"), 1);
    void budget.run(async () => void begun.push("new"), 1);
    void budget.run(async () => void begun.push("turned away"), 2);
    await turn();
    clock.advance(1_000);
    await turn();
    expect(begun).toEqual(["under way", "turned away", "new"]);
  });

  it("lets what was turned away go first also where the requests a second are what all wait for", async () => {
    const clock = manualClock();
    const budget = new OriginBudget({ concurrency: 16, requestsPerSecond: 1 }, clock);
    const begun: string[] = [];
    for (const name of ["first", "new"]) void budget.run(async () => void begun.push(name), 1);
    void budget.run(async () => void begun.push("turned away"), 2);
    await pass(clock, 2_200);
    expect(begun).toEqual(["first", "turned away", "new"]);
  });

  it("is silent until the longest of several silences ends", async () => {
    const clock = manualClock();
    const budget = new OriginBudget({ concurrency: 16, requestsPerSecond: undefined }, clock);
    for (const ms of [1_000, 3_000, 2_000]) silence(budget, ms);
    const begun = begin(budget, 1);
    await pass(clock, 2_990);
    expect(begun).toHaveLength(0);
    await pass(clock, 10);
    expect(begun).toHaveLength(1);
  });
});

it("two clients of one origin share the lower limit of requests at a time, and its connections", async () => {
  let current = 0;
  let most = 0;
  const sockets = new Set<unknown>();
  const service = await serve((request, response) => {
    sockets.add(request.socket);
    current += 1;
    most = Math.max(most, current);
    setTimeout(() => {
      current -= 1;
      response.end();
    }, 20);
  });
  const clients = [client(service.url, { concurrency: 12 }), client(service.url, { concurrency: 2 })];
  // The second client's limit is known from its first call on.
  await Promise.all(clients.map((http) => http.call(GET)));
  most = 0;
  await Promise.all([...clients, ...clients, ...clients].map((http) => http.call(GET)));
  expect(most).toBe(2);
  expect(sockets.size).toBeLessThanOrEqual(4); // undici frees a connection a turn after its answer
});
