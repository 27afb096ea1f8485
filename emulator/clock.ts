/**
 * The tenant's clock: real (or injected) time plus an offset, so that it can be moved and still ticks. The offset is kept in
 * the store, since what was stored under a moved clock would otherwise lie in the future after a restart.
 */
import { z } from "zod";
import { TenantError } from "./errors.js";
import { describeIssues } from "./invalid.js";
import type { Store, Table } from "./store/store.js";

export interface Clock {
  /** Unix time in milliseconds. */
  nowMs(): number;
}

export const systemClock: Clock = { nowMs: () => Date.now() };

/** Moves the tenant's clock: to a distance from real time, to an instant (RFC 3339), or onward from where it stands. */
export type ClockChange = { readonly offsetMs: number } | { readonly now: string } | { readonly advanceMs: number };

export interface ClockReading {
  /** The tenant's time, RFC 3339 in UTC. */
  readonly now: string;
  /** How far it is from real time, in milliseconds. */
  readonly offsetMs: number;
}

// A hundred years either way keep every instant a four-digit year and every millisecond count of our time 13 digits.
const MAX_OFFSET_MS = 100 * 365.25 * 86_400_000;
const offset = z.int("must be a whole number of milliseconds").min(-MAX_OFFSET_MS).max(MAX_OFFSET_MS);
const expected = 'must be one of { "offsetMs": n }, { "now": "RFC 3339 time" } and { "advanceMs": n }';
const clockChange = z.union(
  [
    z.strictObject({ offsetMs: offset }),
    z.strictObject({ now: z.iso.datetime({ offset: true }) }),
    z.strictObject({ advanceMs: offset }),
  ],
  expected,
);
const offsetRow = z.object({ offsetMs: offset });

/** Is told what the clock shows, each time that it is set. */
export type ClockChanged = (reading: ClockReading) => void;

export class TenantClock implements Clock {
  readonly #base: Clock;
  readonly #offsets: Table<z.infer<typeof offsetRow>>;
  readonly #changed: ClockChanged;

  private constructor(base: Clock, offsets: Table<z.infer<typeof offsetRow>>, changed: ClockChanged) {
    this.#base = base;
    this.#offsets = offsets;
    this.#changed = changed;
  }

  static async open(base: Clock, store: Store, changed: ClockChanged): Promise<TenantClock> {
    return new TenantClock(base, await store.table("clock", offsetRow), changed);
  }

  nowMs(): number {
    return this.#base.nowMs() + this.#offsetMs();
  }

  reading(): ClockReading {
    return { now: new Date(this.nowMs()).toISOString(), offsetMs: this.#offsetMs() };
  }

  /** @throws TenantError where the change isn't one, or leads more than a hundred years away. */
  change(change: unknown): ClockReading {
    const parsed = clockChange.safeParse(change);
    if (!parsed.success) throw refused(describeIssues(parsed.error));
    const offsetMs = offset.safeParse(this.#offsetAfter(parsed.data));
    if (!offsetMs.success) throw refused("the clock stays within a hundred years of real time");
    this.#offsets.set("offset", { offsetMs: offsetMs.data });
    return this.#told();
  }

  reset(): void {
    this.#offsets.clear();
    this.#told();
  }

  #told(): ClockReading {
    const reading = this.reading();
    this.#changed(reading);
    return reading;
  }

  #offsetMs(): number {
    return this.#offsets.get("offset")?.offsetMs ?? 0;
  }

  #offsetAfter(change: ClockChange): number {
    if ("offsetMs" in change) return change.offsetMs;
    if ("advanceMs" in change) return this.#offsetMs() + change.advanceMs;
    return Math.round(Date.parse(change.now) - this.#base.nowMs());
  }
}

function refused(detail: string): TenantError {
  return new TenantError({ problem: "clock", what: `The clock can't be set: ${detail}`, remedy: `It ${expected}` });
}
