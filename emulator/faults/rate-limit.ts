/** A token bucket: it lets `requestsPerSecond` pass for ever, and what wasn't used of the last second at once. */
import type { Clock } from "../clock.js";

export class RateLimit {
  readonly #perSecond: number;
  readonly #capacity: number;
  readonly #clock: Clock;
  #tokens: number;
  #filledAtMs: number;

  constructor(requestsPerSecond: number, clock: Clock) {
    this.#perSecond = requestsPerSecond;
    this.#capacity = Math.max(1, requestsPerSecond);
    this.#clock = clock;
    this.#tokens = this.#capacity;
    this.#filledAtMs = clock.nowMs();
  }

  /** True where one more request may pass now; it is then counted. */
  admits(): boolean {
    const nowMs = this.#clock.nowMs();
    // A clock that was set back neither fills the bucket nor empties it.
    const elapsedMs = Math.max(0, nowMs - this.#filledAtMs);
    this.#tokens = Math.min(this.#capacity, this.#tokens + (elapsedMs / 1000) * this.#perSecond);
    this.#filledAtMs = nowMs;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
