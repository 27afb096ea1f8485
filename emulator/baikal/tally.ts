/** How many assertions were accepted and rejected, and why; the proofs of key rings apart from what clients really send. */
import { z } from "zod";
import type { Store, Table } from "../store/store.js";
import type { RejectionReason } from "./rejection.js";

export type Sender = "client" | "proof";

export interface AssertionCounts {
  readonly accepted: number;
  readonly rejected: number;
}

/** Only the reasons that occurred. */
export type RejectionCounts = { readonly [Reason in RejectionReason]?: number };

export class Tally {
  /** By sender and outcome: `client accepted`, `proof unknown key`. */
  readonly #rows: Table<number>;

  private constructor(rows: Table<number>) {
    this.#rows = rows;
  }

  static async open(store: Store): Promise<Tally> {
    return new Tally(await store.table("baikal-tally", z.int()));
  }

  add(sender: Sender, outcome: "accepted" | RejectionReason): void {
    const key = `${sender} ${outcome}`;
    this.#rows.set(key, (this.#rows.get(key) ?? 0) + 1);
  }

  counts(sender: Sender): AssertionCounts {
    const rejected = Object.values(this.rejections(sender)).reduce((sum, count) => sum + count, 0);
    return { accepted: this.#rows.get(`${sender} accepted`) ?? 0, rejected };
  }

  rejections(sender: Sender): RejectionCounts {
    const prefix = `${sender} `;
    const rows = [...this.#rows.entries()].filter(([key]) => key.startsWith(prefix) && key !== `${sender} accepted`);
    return Object.fromEntries(rows.map(([key, count]) => [key.slice(prefix.length), count]));
  }

  clear(): void {
    this.#rows.clear();
  }
}
