/** A service with a limit, and a time in which all of it happens at once: how the budget is tried for minutes in milliseconds. */
import { OriginBudget } from "../../../providers/http/budget.js";
import type { Clock } from "../../../providers/http/elapsed.js";

/** Says whether a request may pass that arrives then. */
export type Limiter = (nowMs: number) => boolean;

/** A bucket of a second's tokens, as most services have. */
export function tokens(perSecond: number, capacity = perSecond): Limiter {
  let left = capacity;
  let filledMs = 0;
  return (nowMs) => {
    left = Math.min(capacity, left + ((nowMs - filledMs) / 1000) * perSecond);
    filledMs = nowMs;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
}

/** As many in any second. */
export function slidingWindow(perSecond: number): Limiter {
  let passed: number[] = [];
  return (nowMs) => {
    passed = passed.filter((ms) => ms > nowMs - 1000);
    if (passed.length >= perSecond) return false;
    passed.push(nowMs);
    return true;
  };
}

/** As many in each second of the service's own clock. */
export function fixedWindow(perSecond: number, phaseMs = 0): Limiter {
  let window = Number.NaN;
  let passed = 0;
  return (nowMs) => {
    const current = Math.floor((nowMs + phaseMs) / 1000);
    if (current !== window) passed = 0;
    window = current;
    passed += 1;
    return passed <= perSecond;
  };
}

/** Time that passes as soon as nobody has anything left to do but sleep. */
export class ScheduledTime implements Clock {
  #nowMs = 0;
  readonly #sleepers: { readonly dueMs: number; readonly wake: () => void }[] = [];
  readonly sleeps: number[] = [];
  readonly #latenessMs: () => number;

  /** @param latenessMs how much later than asked a sleeper wakes. */
  constructor(latenessMs: () => number = () => 0) {
    this.#latenessMs = latenessMs;
  }

  now(): number {
    return this.#nowMs;
  }

  sleep(ms: number): Promise<void> {
    this.sleeps.push(ms);
    return this.after(ms + this.#latenessMs());
  }

  /** Exactly so. */
  after(ms: number): Promise<void> {
    return new Promise((wake) => {
      this.#sleepers.push({ dueMs: this.#nowMs + ms, wake });
      this.#sleepers.sort((a, b) => a.dueMs - b.dueMs);
    });
  }

  async runUntil(done: () => boolean): Promise<void> {
    while (!done()) {
      await new Promise((resolve) => setImmediate(resolve));
      const next = this.#sleepers.shift();
      if (next === undefined) continue;
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      next.wake();
    }
  }
}

export interface Trial {
  readonly limiter: Limiter;
  readonly requests: number;
  readonly requestsPerSecond?: number | undefined;
  readonly concurrency?: number;
  readonly retryAfterMs?: number | undefined;
  readonly latencyMs?: () => number;
  readonly latenessMs?: () => number;
  /** The request's way to the service. */
  readonly jitterMs?: () => number;
}

export interface Tried {
  /** When each request began, in order. */
  readonly begunMs: readonly number[];
  readonly turnedAwayMs: readonly number[];
  readonly endedMs: number;
  /** Of any one request. */
  readonly mostAttempts: number;
}

/** Makes so many requests of a limited service through one budget, each until it is let in. */
export async function tryOut(trial: Trial): Promise<Tried> {
  const { limiter, requests, requestsPerSecond, concurrency = 16, retryAfterMs } = trial;
  const { latencyMs = () => 5, latenessMs, jitterMs = () => 0 } = trial;
  const time = new ScheduledTime(latenessMs);
  const budget = new OriginBudget({ concurrency, requestsPerSecond }, time);
  const begunMs: number[] = [];
  const turnedAwayMs: number[] = [];
  let ended = 0;
  let mostAttempts = 0;

  const once = (priority: number) =>
    budget.run(async (begun) => {
      begunMs.push(time.now());
      await time.after(jitterMs());
      const passes = limiter(time.now());
      if (!passes) turnedAwayMs.push(time.now());
      await time.after(latencyMs());
      if (passes) budget.admitted(begun);
      return passes ? "passed" : budget.turnedAway({ begunMs: begun, retryAfterMs, forItsRate: true });
    }, priority);
  const call = async () => {
    for (let attempts = 1; ; attempts += 1) {
      mostAttempts = Math.max(mostAttempts, attempts);
      const outcome = await once(attempts);
      if (outcome === "passed") break;
      if (!outcome) await time.sleep(100);
    }
    ended += 1;
  };
  for (let index = 0; index < requests; index += 1) void call();
  await time.runUntil(() => ended === requests);
  return { begunMs, turnedAwayMs, endedMs: time.now(), mostAttempts };
}

/** The most of these times that lie in any window of that length, its end not counted. */
export function mostWithin(timesMs: readonly number[], windowMs: number): number {
  let most = 0;
  for (let first = 0, last = 0; last < timesMs.length; last += 1) {
    while ((timesMs[last] ?? 0) - (timesMs[first] ?? 0) >= windowMs) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
