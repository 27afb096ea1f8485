/** The credentials of one API, in the order of their registration; an id is unique in all of it, whoever's it is. */
import type { z } from "zod";
import type { Store, Table } from "../store/store.js";

/** What both APIs keep of a credential. */
export interface StoredCredential {
  /** base64url. */
  readonly id: string;
  readonly userId: string;
  /** COSE_Key, base64url. */
  readonly publicKey: string;
}

export class CredentialRegister<Row extends StoredCredential> {
  /** By an ascending number, so that the order outlives a restart. */
  readonly #rows: Table<Row>;
  readonly #numbers = new Map<string, string>();
  #last = 0;

  private constructor(rows: Table<Row>) {
    this.#rows = rows;
    for (const [number, { id }] of rows.entries()) {
      this.#numbers.set(id, number);
      this.#last = Math.max(this.#last, Number(number));
    }
  }

  static async open<Row extends StoredCredential>(
    store: Store,
    table: string,
    schema: z.ZodType<Row>,
  ): Promise<CredentialRegister<Row>> {
    return new CredentialRegister(await store.table(table, schema));
  }

  get size(): number {
    return this.#rows.size;
  }

  get(id: string): Row | undefined {
    const number = this.#numbers.get(id);
    return number === undefined ? undefined : this.#rows.get(number);
  }

  /** Oldest first; of one user, or of all. */
  list(userId?: string): readonly Row[] {
    const all = [...this.#rows.values()];
    return userId === undefined ? all : all.filter((row) => row.userId === userId);
  }

  /** False where somebody has a credential with this id. */
  add(row: Row): boolean {
    if (this.#numbers.has(row.id)) return false;
    this.#last += 1;
    const number = String(this.#last).padStart(15, "0");
    this.#numbers.set(row.id, number);
    this.#rows.set(number, row);
    return true;
  }

  /** Does nothing where it was removed meanwhile. */
  update(row: Row): void {
    const number = this.#numbers.get(row.id);
    if (number !== undefined) this.#rows.set(number, row);
  }

  /** False where there is none. */
  remove(id: string): boolean {
    const number = this.#numbers.get(id);
    return number !== undefined && this.#rows.delete(number) && this.#numbers.delete(id);
  }

  clear(): void {
    this.#rows.clear();
    this.#numbers.clear();
  }
}
