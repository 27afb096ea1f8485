/**
 * What one origin is asked to bear from this process: requests at a time, and no more of them a second than its gate lets
 * begin. Shared by every client of the origin; where two name other limits the lower wins.
 */
import PQueue from "p-queue";
import type { Clock } from "./elapsed.js";
import { Gate, type TurnedAway } from "./gate.js";

export interface Limits {
  /** Requests under way at a time. */
  readonly concurrency: number;
  /** Requests begun in any second; undefined: not limited until the service says so. */
  readonly requestsPerSecond: number | undefined;
}

export class OriginBudget {
  readonly #slots: PQueue;
  readonly #gate: Gate;

  constructor(limits: Limits, clock: Clock) {
    this.#slots = new PQueue({ concurrency: limits.concurrency });
    this.#gate = new Gate(clock);
    this.tighten(limits);
  }

  /** Takes over every limit that is lower than the one in force, for the requests that wait already too. */
  tighten({ concurrency, requestsPerSecond = Number.POSITIVE_INFINITY }: Limits): void {
    this.#slots.concurrency = Math.min(this.#slots.concurrency, concurrency);
    this.#gate.tighten(requestsPerSecond);
  }

  /** Runs one request within the budget, and tells it when it began; among those that wait, the higher priority goes first. */
  run<T>(request: (begunMs: number) => Promise<T>, priority: number): Promise<T> {
    return this.#slots.add(async () => request(await this.#gate.pass(priority)), { priority });
  }

  /** A request that began then was let in, whatever came of it. */
  admitted(begunMs: number): void {
    this.#gate.admitted(begunMs);
  }

  /** @returns whether the origin is silent now: then the next `run` does all the waiting that is due. */
  turnedAway(answer: TurnedAway): boolean {
    return this.#gate.turnedAway(answer);
  }
}
