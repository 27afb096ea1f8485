import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { OriginBudget } from "../../../providers/http/budget.js";
import { client, GET, manualClock, serve } from "./service.js";

describe("the budget of requests a second", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const begin = (budget: OriginBudget, count: number) => {
    const begun: number[] = [];
    for (let index = 0; index < count; index += 1) {
      void budget.run(async () => void begun.push(index), 1);
    }
    return begun;
  };

  it("lets no more begin in any second", async () => {
    const begun = begin(new OriginBudget({ concurrency: 16, requestsPerSecond: 5 }), 12);
    await vi.advanceTimersByTimeAsync(999);
    expect(begun).toHaveLength(5);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(begun).toHaveLength(10);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(begun).toHaveLength(12);
  });

  it("may be less than one", async () => {
    const begun = begin(new OriginBudget({ concurrency: 16, requestsPerSecond: 0.5 }), 3);
    await vi.advanceTimersByTimeAsync(1_999);
    expect(begun).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(begun).toHaveLength(2);
  });

  it.each([0.000_000_1, Number.MIN_VALUE])(
    "may be as low as %f, which still holds the second request back",
    async (rate) => {
      const begun = begin(new OriginBudget({ concurrency: 16, requestsPerSecond: rate }), 3);
      await vi.advanceTimersByTimeAsync(60_000);
      expect(begun).toHaveLength(1);
    },
  );

  it("may be so high that it limits nothing", async () => {
    const begun = begin(new OriginBudget({ concurrency: 16, requestsPerSecond: Number.MAX_VALUE }), 100);
    await vi.advanceTimersByTimeAsync(0);
    expect(begun).toHaveLength(100);
  });

  it("is the lower of two, also for the requests that wait already", async () => {
    const budget = new OriginBudget({ concurrency: 16, requestsPerSecond: 6 });
    const begun = begin(budget, 12);
    await vi.advanceTimersByTimeAsync(10);
    expect(begun).toHaveLength(6);
    budget.tighten({ concurrency: 16, requestsPerSecond: 2 });
    budget.tighten({ concurrency: 16, requestsPerSecond: undefined });
    await vi.advanceTimersByTimeAsync(1_500);
    expect(begun).toHaveLength(8);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(begun).toHaveLength(12);
  });

  it("holds through a pause that begins before it is lowered", async () => {
    const clock = manualClock();
    const budget = new OriginBudget({ concurrency: 16, requestsPerSecond: undefined });
    budget.pause(1_000, clock);
    const begun = begin(budget, 3);
    budget.tighten({ concurrency: 16, requestsPerSecond: 1 });
    await vi.advanceTimersByTimeAsync(100);
    expect(begun).toHaveLength(0);
    clock.advance(1_000);
    await vi.advanceTimersByTimeAsync(100);
    expect(begun).toHaveLength(1);
  });

  it("lets what was turned away go first when a pause ends", async () => {
    const clock = manualClock();
    const budget = new OriginBudget({ concurrency: 1, requestsPerSecond: undefined });
    const begun: string[] = [];
    budget.pause(1_000, clock);
    void budget.run(async () => void begun.push("under way"), 1);
    void budget.run(async () => void begun.push("new"), 1);
    void budget.run(async () => void begun.push("turned away"), 2);
    clock.advance(1_000);
    await vi.advanceTimersByTimeAsync(0);
    expect(begun).toEqual(["under way", "turned away", "new"]);
  });

  it("lets what was turned away go first also where the requests a second are what all wait for", async () => {
    const budget = new OriginBudget({ concurrency: 16, requestsPerSecond: 1 });
    const begun: string[] = [];
    for (const name of ["first", "new"]) void budget.run(async () => void begun.push(name), 1);
    void budget.run(async () => void begun.push("turned away"), 2);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(begun).toEqual(["first", "turned away", "new"]);
  });

  it("is silent until the longest of several pauses ends", async () => {
    const clock = manualClock();
    const budget = new OriginBudget({ concurrency: 16, requestsPerSecond: undefined });
    budget.pause(1_000, clock);
    budget.pause(3_000, clock);
    budget.pause(2_000, clock);
    const begun = begin(budget, 1);
    clock.advance(1_000);
    await vi.advanceTimersByTimeAsync(0);
    clock.advance(1_999);
    await vi.advanceTimersByTimeAsync(0);
    expect(begun).toHaveLength(0);
    clock.advance(1);
    await vi.advanceTimersByTimeAsync(0);
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
