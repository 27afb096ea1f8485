/**
 * Where requests to one origin wait for their turn: by the pace, which a configured limit, a learned one and `Retry-After`
 * (RFC 9110 §10.2.3) set together. One timer for all that wait.
 */
import { type Clock, Elapsed } from "./elapsed.js";
import { LearnedRate } from "./learnedRate.js";
import { Pace, USED_SHARE } from "./pace.js";

/** Node.js fires a timer at once that is longer, some 25 days. */
export const MAX_TIMER_MS = 2 ** 31 - 1;
/** The silence after a lesson where the service names none: a window of a second is over then, and a bucket full. */
const LESSON_SILENCE_MS = 1_000;

interface Waiting {
  readonly priority: number;
  readonly begin: (begunMs: number) => void;
}

/** An answer that turned a request away. */
export interface TurnedAway {
  /** What the gate gave the request. */
  readonly begunMs: number;
  /** What the service asked for; undefined: nothing. */
  readonly retryAfterMs: number | undefined;
  /** True for 429; a 503 is about the service's state and no limit. */
  readonly forItsRate: boolean;
}

export class Gate {
  readonly #elapsed: Elapsed;
  readonly #pace = new Pace();
  readonly #learned = new LearnedRate();
  #configured = Number.POSITIVE_INFINITY;
  #inForce = Number.POSITIVE_INFINITY;
  /** In the order in which they begin. */
  readonly #waiting: Waiting[] = [];
  #serving = false;

  constructor(clock: Clock) {
    this.#elapsed = new Elapsed(clock);
  }

  /** Takes over a limit that is lower than the one in force, for the requests that wait already too. */
  tighten(requestsPerSecond: number): void {
    this.#configured = Math.min(this.#configured, requestsPerSecond);
  }

  /** Resolves with the time at which the request begins; among those that wait, the higher priority goes first. */
  pass(priority: number): Promise<number> {
    return new Promise((begin) => {
      const after = this.#waiting.findIndex((other) => other.priority < priority);
      this.#waiting.splice(after === -1 ? this.#waiting.length : after, 0, { priority, begin });
      void this.#serve();
    });
  }

  /** A request that began then was let in, whatever came of it. */
  admitted(begunMs: number): void {
    this.#learned.admitted(begunMs);
  }

  /** @returns whether the origin is silent now: then the gate does all the waiting that is due. */
  turnedAway({ begunMs, retryAfterMs, forItsRate }: TurnedAway): boolean {
    const nowMs = this.#elapsed.now();
    const hasLearned = forItsRate && this.#learned.turnedAway(begunMs, nowMs);
    this.#limit(nowMs);
    const silenceMs = retryAfterMs ?? (hasLearned ? LESSON_SILENCE_MS : undefined);
    if (silenceMs !== undefined) this.#pace.silence(nowMs + silenceMs);
    return silenceMs !== undefined || this.#pace.isSilent(nowMs);
  }

  #limit(nowMs: number): void {
    const requestsPerSecond = Math.min(USED_SHARE * this.#configured, this.#learned.requestsPerSecond(nowMs));
    if (requestsPerSecond === this.#inForce) return;
    this.#inForce = requestsPerSecond;
    this.#pace.limit(requestsPerSecond);
  }

  async #serve(): Promise<void> {
    if (this.#serving) return;
    this.#serving = true;
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const nowMs = this.#elapsed.now();
      this.#limit(nowMs);
      const waitMs = this.#pace.nextMs() - nowMs;
      if (waitMs > 0) {
        await this.#elapsed.sleep(Math.min(waitMs, MAX_TIMER_MS));
        continue;
      }
      this.#waiting.shift();
      this.#pace.begin(nowMs);
      next.begin(nowMs);
    }
    this.#serving = false;
  }
}
