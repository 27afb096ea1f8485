/** How much the agent does at a time, and how long an image takes it, in real time. */
import { setTimeout as wait } from "node:timers/promises";
import type { KeylessSettings } from "../settings.js";

export type Turn = "done" | "busy" | "gone";

export class Capacity {
  readonly #latencyMs: number;
  readonly #concurrency: number;
  #underWay = 0;

  constructor({ agentLatencyMs, agentConcurrency = Number.POSITIVE_INFINITY }: KeylessSettings) {
    this.#latencyMs = agentLatencyMs;
    this.#concurrency = agentConcurrency;
  }

  /** Takes the time of one image; `busy` at once where too many are under way, `gone` where the client hung up meanwhile. */
  async take(hungUp: AbortSignal): Promise<Turn> {
    if (this.#underWay >= this.#concurrency) return "busy";
    this.#underWay += 1;
    try {
      // Without latency too, requests that come together are under way together.
      await wait(this.#latencyMs, undefined, { signal: hungUp });
      return "done";
    } catch {
      return "gone";
    } finally {
      this.#underWay -= 1;
    }
  }
}
