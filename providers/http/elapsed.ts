/**
 * Time that only passes, made from a clock that may be set: backwards it stands still, and what was slept has passed whatever the
 * clock says. So a clock set back by an hour holds no request back for an hour.
 */

export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  sleep(ms: number): Promise<void>;
}

export class Elapsed {
  readonly #clock: Clock;
  #clockMs: number;
  #elapsedMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#clockMs = clock.now();
  }

  /** Milliseconds since it was made. */
  now(): number {
    const clockMs = this.#clock.now();
    this.#elapsedMs += Math.max(0, clockMs - this.#clockMs);
    this.#clockMs = clockMs;
    return this.#elapsedMs;
  }

  async sleep(ms: number): Promise<void> {
    const dueMs = this.now() + ms;
    await this.#clock.sleep(ms);
    this.#elapsedMs = Math.max(this.now(), dueMs);
  }
}
