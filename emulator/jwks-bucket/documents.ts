/** The documents that were put here, verbatim, each with the tag of its content. */
import { createHash } from "node:crypto";
import { z } from "zod";
import type { Store, Table } from "../store/store.js";

const documentRow = z.object({ text: z.string() });

export interface PublishedDocument {
  /** JSON, as it came. */
  readonly text: string;
  /** A strong entity tag of that text, with its quotes (RFC 9110 §8.8.3). */
  readonly etag: string;
}

export class Documents {
  readonly #rows: Table<z.infer<typeof documentRow>>;

  private constructor(rows: Table<z.infer<typeof documentRow>>) {
    this.#rows = rows;
  }

  static async open(store: Store): Promise<Documents> {
    return new Documents(await store.table("jwks-bucket-documents", documentRow));
  }

  get size(): number {
    return this.#rows.size;
  }

  find(name: string): PublishedDocument | undefined {
    const row = this.#rows.get(name);
    return row === undefined ? undefined : { text: row.text, etag: etagOf(row.text) };
  }

  put(name: string, text: string): PublishedDocument {
    this.#rows.set(name, { text });
    return { text, etag: etagOf(text) };
  }

  delete(name: string): void {
    this.#rows.delete(name);
  }

  clear(): void {
    this.#rows.clear();
  }
}

function etagOf(text: string): string {
  return `"${createHash("sha256").update(text, "utf8").digest("base64url")}"`;
}
