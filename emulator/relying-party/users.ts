/** The relying party's own users, by a random id; what the page's visitors call themselves is unique among them. */
import { z } from "zod";
import type { RandomBytes } from "../identity.js";
import type { Store, Table } from "../store/store.js";

const userRow = z.object({ userId: z.string() });
const ID_BYTES = 24;

export class RelyingPartyUsers {
  /** By username. */
  readonly #rows: Table<z.infer<typeof userRow>>;
  readonly #random: RandomBytes;
  readonly #names = new Map<string, string>();

  private constructor(rows: Table<z.infer<typeof userRow>>, random: RandomBytes) {
    this.#rows = rows;
    this.#random = random;
    for (const [username, { userId }] of rows.entries()) this.#names.set(userId, username);
  }

  static async open(store: Store, random: RandomBytes): Promise<RelyingPartyUsers> {
    return new RelyingPartyUsers(await store.table("relying-party-users", userRow), random);
  }

  newId(): string {
    return this.#random(ID_BYTES).toString("base64url");
  }

  has(username: string): boolean {
    return this.#rows.has(username);
  }

  /** False where somebody else is called so by now. */
  add(username: string, userId: string): boolean {
    if (this.has(username)) return false;
    this.#rows.set(username, { userId });
    this.#names.set(userId, username);
    return true;
  }

  /** Users who didn't register here (a program declared them) are called by their id. */
  nameOf(userId: string): string {
    return this.#names.get(userId) ?? userId;
  }

  clear(): void {
    this.#rows.clear();
    this.#names.clear();
  }
}
