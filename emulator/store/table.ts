/** One table of the store: a map whose every change is also handed on to be written. Rows are values: replaced, never altered. */
import type { Change } from "./persistence.js";

export class Table<Row> {
  readonly #name: string;
  readonly #rows: Map<string, Row>;
  readonly #write: (change: Change) => void;

  constructor(name: string, rows: Map<string, Row>, write: (change: Change) => void) {
    this.#name = name;
    this.#rows = rows;
    this.#write = write;
  }

  get size(): number {
    return this.#rows.size;
  }

  get(key: string): Row | undefined {
    return this.#rows.get(key);
  }

  has(key: string): boolean {
    return this.#rows.has(key);
  }

  /** In the order they were set; after a restart, ordered by key. */
  entries(): MapIterator<[string, Row]> {
    return this.#rows.entries();
  }

  values(): MapIterator<Row> {
    return this.#rows.values();
  }

  set(key: string, row: Row): void {
    this.#rows.set(key, row);
    this.#write({ table: this.#name, key, json: JSON.stringify(row) });
  }

  /** False where there was no such row. */
  delete(key: string): boolean {
    if (!this.#rows.delete(key)) return false;
    this.#write({ table: this.#name, key });
    return true;
  }

  clear(): void {
    for (const key of [...this.#rows.keys()]) this.delete(key);
  }
}
