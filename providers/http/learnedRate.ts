/**
 * What an origin's answers tell about its limit of requests a second: nothing until it turns one away (429), then the highest
 * rate that fits what it admitted before, whichever way it counts. Pure: times are handed in, in milliseconds.
 */
import { USED_SHARE } from "./pace.js";

/** As far back as a token bucket can matter that is drawn from little faster than it fills. */
const MEMORY_MS = 10_000;
const SLOT_MS = 20;
/** Fewer admitted in a second, and a 429 says more about that one request than about a rate. */
const EVIDENCE = 8;
/** Unless as many are turned away within a second: that is a limit, however low. */
const STORM = 4;
/** Fewer admitted in the memory, and the rate is little more than a guess: it soon grows again. */
const FIRM_EVIDENCE = 20;
const GROWTHS = {
  firm: { everyMs: 120_000, factor: 1.2 },
  guessed: { everyMs: 5_000, factor: 1.5 },
} as const;
/** A rate at which another request was turned away is lowered at least by this. */
const LOWERED = 0.95;
/** A token bucket that was full bears all of what fits it; the rest is for the error of counting. */
const BUCKET_SHARE = 0.98;
const LOWEST = 1;

interface Estimate {
  readonly requestsPerSecond: number;
  readonly inLastSecond: number;
  readonly inAll: number;
}

/** Requests that were admitted, by the time at which they began. */
class Admissions {
  readonly #slots = new Map<number, number>();
  #lastMs = Number.NEGATIVE_INFINITY;

  add(begunMs: number): void {
    const slotMs = Math.floor(begunMs / SLOT_MS) * SLOT_MS;
    this.#slots.set(slotMs, (this.#slots.get(slotMs) ?? 0) + 1);
    this.#lastMs = Math.max(this.#lastMs, begunMs);
    for (const oldMs of this.#slots.keys()) {
      if (oldMs > this.#lastMs - MEMORY_MS) break;
      this.#slots.delete(oldMs);
    }
  }

  /**
   * Counted by windows of a second, the limit is what was admitted in the last one. Counted by a bucket that holds a second's
   * tokens, no stretch of w seconds admits more than (1 + w) times the limit. The lower of the two fits both.
   */
  estimate(turnedAwayMs: number): Estimate {
    const endMs = Math.max(turnedAwayMs, this.#lastMs);
    let inAll = 0;
    let inLastSecond = 0;
    let fillingPerSecond = 0;
    for (const [slotMs, admitted] of [...this.#slots].sort(([a], [b]) => b - a)) {
      inAll += admitted;
      if (slotMs >= endMs - 1000) inLastSecond = inAll;
      fillingPerSecond = Math.max(fillingPerSecond, (inAll * 1000) / (1000 + endMs - slotMs));
    }
    const requestsPerSecond = Math.min(USED_SHARE * inLastSecond, BUCKET_SHARE * fillingPerSecond);
    return { requestsPerSecond: Math.max(LOWEST, requestsPerSecond), inLastSecond, inAll };
  }
}

interface Lesson {
  /** Of the first request that was turned away; those that began before it came back belong to the same lesson. */
  readonly turnedAwayMs: number;
  readonly learnedAtMs: number;
  /** What was admitted before. */
  readonly admissions: Admissions;
  readonly estimate: Estimate;
  readonly highest: number;
}

export class LearnedRate {
  #admissions = new Admissions();
  #lesson: Lesson | undefined;
  /** When the last few were turned away. */
  #turnedAwayAtMs: readonly number[] = [];

  admitted(begunMs: number): void {
    const lesson = this.#lesson;
    if (lesson === undefined || begunMs > lesson.learnedAtMs) {
      this.#admissions.add(begunMs);
      return;
    }
    // An answer that comes after the lesson still belongs to what it was drawn from.
    lesson.admissions.add(begunMs);
    this.#lesson = { ...lesson, estimate: lesson.admissions.estimate(lesson.turnedAwayMs) };
  }

  /** True where something was learned from it: how fast the origin may be asked from now on. */
  turnedAway(begunMs: number, nowMs: number): boolean {
    const again = nowMs - (this.#turnedAwayAtMs.at(-1) ?? Number.NEGATIVE_INFINITY) < MEMORY_MS;
    this.#turnedAwayAtMs = [...this.#turnedAwayAtMs.slice(1 - STORM), nowMs];
    if (this.#lesson !== undefined && begunMs <= this.#lesson.learnedAtMs) return false;
    const estimate = this.#admissions.estimate(begunMs);
    if (!this.#isTelling(estimate, again, nowMs)) return false;
    const highest = LOWERED * this.requestsPerSecond(nowMs);
    this.#lesson = { turnedAwayMs: begunMs, learnedAtMs: nowMs, admissions: this.#admissions, estimate, highest };
    this.#admissions = new Admissions();
    return true;
  }

  #isTelling({ inLastSecond, inAll }: Estimate, again: boolean, nowMs: number): boolean {
    const storm = this.#turnedAwayAtMs.filter((ms) => ms > nowMs - 1000).length;
    return inLastSecond >= EVIDENCE || (again && inAll >= EVIDENCE) || (storm >= STORM && inAll > 0);
  }

  /** Infinite until something was learned; grows step by step while nothing is turned away. */
  requestsPerSecond(nowMs: number): number {
    const lesson = this.#lesson;
    if (lesson === undefined) return Number.POSITIVE_INFINITY;
    const { requestsPerSecond, inAll } = lesson.estimate;
    const { everyMs, factor } = GROWTHS[inAll >= FIRM_EVIDENCE ? "firm" : "guessed"];
    const grown = factor ** Math.floor((nowMs - lesson.learnedAtMs) / everyMs);
    return Math.max(LOWEST, Math.min(requestsPerSecond, lesson.highest)) * grown;
  }
}
