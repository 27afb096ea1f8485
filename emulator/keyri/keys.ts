/** The registered keys: several a user, one a device; a key is always looked up by user and key together. */
import { z } from "zod";
import type { Clock } from "../clock.js";
import type { Store, Table } from "../store/store.js";

export interface RegisteredKey {
  /** Standard base64 of SPKI DER. */
  readonly pubKey: string;
  /** RFC 3339 in UTC, by the tenant's clock. */
  readonly createdAt: string;
}

const userRow = z.object({ keys: z.array(z.object({ pubKey: z.string(), createdAt: z.string() })) });

export class KeyRegister {
  /** A row for each user: every lookup begins with the user. */
  readonly #users: Table<z.infer<typeof userRow>>;
  readonly #clock: Clock;

  private constructor(users: Table<z.infer<typeof userRow>>, clock: Clock) {
    this.#users = users;
    this.#clock = clock;
  }

  static async open(store: Store, clock: Clock): Promise<KeyRegister> {
    return new KeyRegister(await store.table("keyri-users", userRow), clock);
  }

  /** In the order of their registration. */
  keysOf(username: string): readonly RegisteredKey[] {
    return this.#users.get(username)?.keys ?? [];
  }

  has(username: string, pubKey: string): boolean {
    return this.keysOf(username).some((key) => key.pubKey === pubKey);
  }

  /** False where this user has this key already. */
  add(username: string, pubKey: string): boolean {
    if (this.has(username, pubKey)) return false;
    const createdAt = new Date(this.#clock.nowMs()).toISOString();
    this.#users.set(username, { keys: [...this.keysOf(username), { pubKey, createdAt }] });
    return true;
  }

  /** False where this user has no such key. */
  remove(username: string, pubKey: string): boolean {
    if (!this.has(username, pubKey)) return false;
    const keys = this.keysOf(username).filter((key) => key.pubKey !== pubKey);
    if (keys.length === 0) this.#users.delete(username);
    else this.#users.set(username, { keys });
    return true;
  }

  count(): number {
    let keys = 0;
    for (const user of this.#users.values()) keys += user.keys.length;
    return keys;
  }

  clear(): void {
    this.#users.clear();
  }
}
