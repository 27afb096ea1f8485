/**
 * What the services were asked, in the order in which they answered. It holds no bodies, no headers and no values of
 * a query, hence no tokens and no usernames; it is kept in memory, bounded, and begins anew with each start.
 */
import type { ServiceName } from "./slots.js";

export interface JournalEntry {
  /** Counts up from 1 for as long as the tenant runs, also over a clearing of the journal. */
  readonly sequence: number;
  readonly service: ServiceName;
  readonly method: string;
  /**
   * The path as the client sent it, percent-encoding included, and of the query the names of its parameters: `/keys?username=`.
   * Of a service whose paths hold usernames or keys (as Keyless's do) the route's pattern alone, `/v2/users/{userId}`, and
   * `/*` for a path that is none of its own.
   */
  readonly path: string;
  /** The status that was sent; `null` where the connection ended without one. */
  readonly status: number | null;
  /** The tenant's time when the answer was ready, RFC 3339 in UTC. */
  readonly at: string;
  /** Whether the method is one that may change something (RFC 9110 §9.2.1: any but GET, HEAD, OPTIONS and TRACE). */
  readonly write: boolean;
  /** The fault that was applied: before the request took effect, or after. */
  readonly fault?: { readonly id: string; readonly when: "before" | "after" };
}

const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);
const MAX_ENTRIES = 100_000;

export class Journal {
  #entries: JournalEntry[] = [];
  #sequence = 0;

  append(entry: Omit<JournalEntry, "sequence" | "write">): void {
    this.#sequence += 1;
    this.#entries.push({ sequence: this.#sequence, ...entry, write: !SAFE_METHODS.has(entry.method) });
    // Dropped in bulk: dropping one at a time would copy the whole journal at each request.
    if (this.#entries.length > MAX_ENTRIES * 1.1) this.#entries = this.#entries.slice(-MAX_ENTRIES);
  }

  /** The entries after that sequence number, oldest first. */
  since(sequence = 0): readonly JournalEntry[] {
    return this.#entries.filter((entry) => entry.sequence > sequence);
  }

  clear(): void {
    this.#entries = [];
  }
}
