/**
 * The queue between the working set and the disk. Changes made in one synchronous stretch are one atomic batch, and those that
 * come while a batch is being written are gathered into the next: the cost of a write is shared by all who wait for it.
 */
import type { Change } from "./persistence.js";

export class WriteBehind {
  readonly #write: (changes: readonly Change[]) => Promise<void>;
  #pending: Change[] = [];
  #written: Promise<void> = Promise.resolve();

  constructor(write: (changes: readonly Change[]) => Promise<void>) {
    this.#write = write;
  }

  add(change: Change): void {
    this.#pending.push(change);
    if (this.#pending.length > 1) return;
    this.#written = this.#written.then(() => this.#write(this.#pending.splice(0)));
    // Whoever flushes gets the rejection; that nobody did yet is no reason to end the process.
    this.#written.catch(() => {});
  }

  /** After a failed write it rejects for ever: memory is ahead of the disk, and no answer may tell of that. */
  flush(): Promise<void> {
    return this.#written;
  }
}
