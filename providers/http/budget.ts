/**
 * What one origin is asked to bear from this process: requests at a time, requests a second, and silence while the service
 * asks for it (Retry-After, RFC 9110 §10.2.3). Shared by every client of the origin; where two name other limits the lower wins.
 */
import PQueue from "p-queue";

export interface Limits {
  /** Requests under way at a time. */
  readonly concurrency: number;
  /** Requests begun in any second; undefined: not limited. */
  readonly requestsPerSecond: number | undefined;
}

interface Clock {
  now(): number;
  sleep(ms: number): Promise<void>;
}

/** Node.js fires a timer at once that is longer, some 25 days; a rate lower still counts as one request in that time. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

function createRate(requestsPerSecond: number, autoStart: boolean): PQueue {
  if (!Number.isFinite(requestsPerSecond)) return new PQueue({ autoStart });
  const intervalCap = Math.max(1, Math.floor(requestsPerSecond));
  const interval = Math.min((intervalCap / requestsPerSecond) * 1000, MAX_TIMER_MS);
  return new PQueue({ autoStart, intervalCap, interval, strict: true });
}

export class OriginBudget {
  readonly #slots: PQueue;
  #rate: PQueue;
  #requestsPerSecond: number;
  /** When the pause under way ends, by the clock that began it. */
  #pausedUntilMs: number | undefined;

  constructor(limits: Limits) {
    this.#slots = new PQueue({ concurrency: limits.concurrency });
    this.#requestsPerSecond = limits.requestsPerSecond ?? Number.POSITIVE_INFINITY;
    this.#rate = createRate(this.#requestsPerSecond, true);
  }

  /** Takes over every limit that is lower than the one in force, for the requests that wait already too. */
  tighten(limits: Limits): void {
    this.#slots.concurrency = Math.min(this.#slots.concurrency, limits.concurrency);
    const requestsPerSecond = limits.requestsPerSecond ?? Number.POSITIVE_INFINITY;
    if (requestsPerSecond >= this.#requestsPerSecond) return;
    this.#requestsPerSecond = requestsPerSecond;
    const wider = this.#rate;
    this.#rate = createRate(requestsPerSecond, this.#pausedUntilMs === undefined);
    wider.start(); // who waits there while the origin is paused goes on waiting at the new gate
  }

  /** Runs one request within the budget; among those that wait, the higher priority goes first. */
  run<T>(request: () => Promise<T>, priority: number): Promise<T> {
    return this.#slots.add(
      async () => {
        // Whoever passed a gate that was replaced by a narrower one meanwhile passes that as well.
        let passed: PQueue;
        do {
          passed = this.#rate;
          await passed.add(() => undefined, { priority });
        } while (passed !== this.#rate);
        return request();
      },
      { priority },
    );
  }

  /** Lets no request begin for so long. Pauses don't add up: the one that ends last counts. */
  pause(ms: number, clock: Clock): void {
    const untilMs = clock.now() + ms;
    const paused = this.#pausedUntilMs !== undefined;
    this.#pausedUntilMs = Math.max(untilMs, this.#pausedUntilMs ?? untilMs);
    if (paused) return;
    this.#rate.pause();
    void this.#resumeWhenDue(untilMs, clock);
  }

  async #resumeWhenDue(untilMs: number, clock: Clock): Promise<void> {
    await clock.sleep(Math.max(0, untilMs - clock.now()));
    const dueMs = this.#pausedUntilMs ?? untilMs;
    if (dueMs > untilMs) return this.#resumeWhenDue(dueMs, clock);
    this.#pausedUntilMs = undefined;
    this.#rate.start();
  }
}
