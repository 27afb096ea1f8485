/** The challenges that stand open, several a user: each is good for one success, and a failure doesn't use it up. */
import { z } from "zod";
import type { Clock } from "../clock.js";
import type { RandomBytes } from "../identity.js";
import type { Store, Table } from "../store/store.js";
import { OPEN_CHALLENGES } from "./assumptions.js";
import { requirement } from "./settings.js";

const CHALLENGE_BYTES = 32;

const challengeRow = z.object({
  purpose: z.enum(["registration", "login", "transaction"]),
  /** Absent: whoever shows up, by a discoverable credential. */
  userId: z.string().optional(),
  userVerification: requirement,
  /** Registration: whether a discoverable credential was asked for. */
  residentKey: z.boolean().optional(),
  transactionId: z.string().optional(),
  /** Absent: never. */
  expiresAtMs: z.int().optional(),
});

export type Challenge = z.infer<typeof challengeRow>;
export type Purpose = Challenge["purpose"];

export class OpenChallenges {
  /** By the challenge, base64url. */
  readonly #rows: Table<Challenge>;
  readonly #clock: Clock;
  readonly #random: RandomBytes;

  private constructor(rows: Table<Challenge>, clock: Clock, random: RandomBytes) {
    this.#rows = rows;
    this.#clock = clock;
    this.#random = random;
  }

  static async open(store: Store, table: string, clock: Clock, random: RandomBytes): Promise<OpenChallenges> {
    return new OpenChallenges(await store.table(table, challengeRow), clock, random);
  }

  /** Makes one: 32 random bytes, and what it is to be bound to. Gives its base64url. */
  issue(challenge: Challenge, binding: Uint8Array = new Uint8Array()): string {
    const text = Buffer.concat([this.#random(CHALLENGE_BYTES), binding]).toString("base64url");
    this.#rows.set(text, challenge);
    for (const [oldest] of this.#rows.entries()) {
      if (this.#rows.size <= OPEN_CHALLENGES) break;
      this.#rows.delete(oldest);
    }
    return text;
  }

  find(text: string, purpose: Purpose): Challenge | undefined {
    const challenge = this.#rows.get(text);
    return challenge?.purpose === purpose ? challenge : undefined;
  }

  hasExpired({ expiresAtMs }: Challenge): boolean {
    return expiresAtMs !== undefined && expiresAtMs < this.#clock.nowMs();
  }

  /** False where another request was first. */
  use(text: string): boolean {
    return this.#rows.delete(text);
  }

  clear(): void {
    this.#rows.clear();
  }
}
