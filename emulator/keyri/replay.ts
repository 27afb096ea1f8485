/** Which `data` a key has already logged in with. Remembered for as long as its timestamp is accepted, and across restarts. */
import { z } from "zod";
import type { Clock } from "../clock.js";
import type { Store, Table } from "../store/store.js";
import { WINDOW_MS } from "./assumptions.js";

const usedRow = z.object({ timestampMs: z.int() });

export class ReplayGuard {
  readonly #used: Table<z.infer<typeof usedRow>>;
  readonly #clock: Clock;

  private constructor(used: Table<z.infer<typeof usedRow>>, clock: Clock) {
    this.#used = used;
    this.#clock = clock;
  }

  static async open(store: Store, clock: Clock): Promise<ReplayGuard> {
    return new ReplayGuard(await store.table("keyri-used", usedRow), clock);
  }

  /** False where this key used this `data` before; else it counts as used from now on. */
  use(pubKey: string, data: string, timestampMs: number): boolean {
    this.#forgetExpired();
    // The timestamp comes first, so that a reloaded table is in the order of its timestamps again.
    const key = `${data} ${pubKey}`;
    if (this.#used.has(key)) return false;
    this.#used.set(key, { timestampMs });
    return true;
  }

  clear(): void {
    this.#used.clear();
  }

  /** Looks at the oldest only: rows come in about the order of their timestamps, one behind a younger one just waits for it. */
  #forgetExpired(): void {
    const expiredBeforeMs = this.#clock.nowMs() - WINDOW_MS;
    for (const [key, { timestampMs }] of this.#used.entries()) {
      if (timestampMs >= expiredBeforeMs) return;
      this.#used.delete(key);
    }
  }
}
