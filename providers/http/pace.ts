/**
 * When the next request to an origin may begin: evenly spaced, and not before a silence ends. The spacing is the generic cell
 * rate algorithm (ITU-T I.371, annex A): a server may count by fixed windows, sliding ones or tokens, and even spacing
 * suits all three. Pure: the time is handed in.
 */

/** Of a limit, what is used: the rest is for what the network does to the spacing. */
export const USED_SHARE = 0.94;
/** A request that comes late by as much is made up for by the next ones. With the share above, no second ever holds more than the limit. */
export const CATCH_UP_MS = 30;

export class Pace {
  #intervalMs = 0;
  #begunMs = Number.NEGATIVE_INFINITY;
  #evenMs = Number.NEGATIVE_INFINITY;
  #silentUntilMs = Number.NEGATIVE_INFINITY;

  /** @param requestsPerSecond infinite: not limited. The spacing counts from the last request that began. */
  limit(requestsPerSecond: number): void {
    this.#intervalMs = Math.min(1000 / requestsPerSecond, Number.MAX_SAFE_INTEGER);
    this.#evenMs = Math.max(this.#evenMs, this.#begunMs + this.#intervalMs);
  }

  /** Silences don't add up: the one that ends last counts. What waits for its end then begins evenly too. */
  silence(untilMs: number): void {
    this.#silentUntilMs = Math.max(this.#silentUntilMs, untilMs);
    if (this.#intervalMs > 0) this.#evenMs = Math.max(this.#evenMs, this.#silentUntilMs + CATCH_UP_MS);
  }

  isSilent(nowMs: number): boolean {
    return nowMs < this.#silentUntilMs;
  }

  /** The earliest time at which the next request may begin. */
  nextMs(): number {
    return Math.max(
      this.#silentUntilMs,
      this.#intervalMs === 0 ? Number.NEGATIVE_INFINITY : this.#evenMs - CATCH_UP_MS,
    );
  }

  begin(nowMs: number): void {
    this.#begunMs = nowMs;
    this.#evenMs = Math.max(nowMs, this.#evenMs) + this.#intervalMs;
  }
}
