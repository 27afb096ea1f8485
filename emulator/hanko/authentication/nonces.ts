/** Which nonces were signed with. One is remembered for as long as its time is accepted, and across restarts. */
import { z } from "zod";
import type { Clock } from "../../clock.js";
import type { Store, Table } from "../../store/store.js";

const nonceRow = z.object({ expiresAtMs: z.int() });

export class UsedNonces {
  readonly #used: Table<z.infer<typeof nonceRow>>;
  readonly #clock: Clock;

  private constructor(used: Table<z.infer<typeof nonceRow>>, clock: Clock) {
    this.#used = used;
    this.#clock = clock;
  }

  static async open(store: Store, clock: Clock): Promise<UsedNonces> {
    return new UsedNonces(await store.table("hanko-authentication-nonces", nonceRow), clock);
  }

  /** False where it was used before; else it counts as used from now on. */
  use(nonce: string, expiresAtMs: number): boolean {
    this.#forgetExpired();
    if (this.#used.has(nonce)) return false;
    this.#used.set(nonce, { expiresAtMs });
    return true;
  }

  clear(): void {
    this.#used.clear();
  }

  /** Looks at the oldest only: one behind a younger one just waits for it. */
  #forgetExpired(): void {
    for (const [nonce, { expiresAtMs }] of this.#used.entries()) {
      if (expiresAtMs >= this.#clock.nowMs()) return;
      this.#used.delete(nonce);
    }
  }
}
