/** The faults that stand, in the order they were asked for; the first that meets a request is applied, and counted down. */
import type { Clock } from "../clock.js";
import { TenantError } from "../errors.js";
import { describeIssues } from "../invalid.js";
import { faultSchema, type ParsedFault } from "./fault.js";
import { type Exchange, meets } from "./match.js";
import { RateLimit } from "./rate-limit.js";

/** What a fault does to the one request it met. */
export type FaultEffect = { readonly id: string; readonly when: "before" | "after" } & Pick<
  ParsedFault,
  "status" | "headers" | "body" | "delayMs" | "reset" | "corrupt"
>;

/** A fault that stands: what was asked for, and how often it was applied. */
export type StandingFault = ParsedFault & { readonly id: string; readonly applied: number };

interface Entry {
  readonly id: string;
  readonly fault: ParsedFault;
  readonly rateLimit: RateLimit | undefined;
  applied: number;
}

export class FaultList {
  readonly #clock: Clock;
  #entries: Entry[] = [];
  #added = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * @returns the fault's id.
   * @throws TenantError where the fault isn't one; it names each faulty property.
   */
  add(spec: unknown): string {
    const parsed = faultSchema.safeParse(spec);
    if (!parsed.success)
      throw new TenantError({
        problem: "fault",
        what: `This is no fault: ${describeIssues(parsed.error)}`,
        remedy: "Correct what is named here",
      });
    const fault = parsed.data;
    this.#added += 1;
    const id = `fault-${this.#added}`;
    const rateLimit =
      fault.rateLimit === undefined ? undefined : new RateLimit(fault.rateLimit.requestsPerSecond, this.#clock);
    this.#entries.push({ id, fault, rateLimit, applied: 0 });
    return id;
  }

  list(): readonly StandingFault[] {
    return this.#entries.map(({ id, fault, applied }) => ({ id, ...fault, applied }));
  }

  /** False where no such fault stands. */
  remove(id: string): boolean {
    const before = this.#entries.length;
    this.#entries = this.#entries.filter((entry) => entry.id !== id);
    return this.#entries.length < before;
  }

  clear(): void {
    this.#entries = [];
  }

  /** The effect on this request, which is hereby counted; nothing where no fault meets it. */
  take(exchange: Exchange): FaultEffect | undefined {
    const entry = this.#entries.find(
      ({ fault, rateLimit }) => meets(fault, exchange) && (rateLimit === undefined || !rateLimit.admits()),
    );
    if (entry === undefined) return undefined;
    entry.applied += 1;
    if (entry.applied === timesOf(entry.fault)) this.remove(entry.id);
    return effectOf(entry);
  }
}

/** 0 stands for "for ever", as a rate limit does. */
function timesOf(fault: ParsedFault): number {
  return fault.rateLimit === undefined ? (fault.times ?? 1) : 0;
}

function effectOf({ id, fault }: Entry): FaultEffect {
  if (fault.rateLimit === undefined) {
    const { status, headers, body, delayMs, reset, corrupt, when = "before" } = fault;
    return { id, when, status, headers, body, delayMs, reset, corrupt };
  }
  const { retryAfterSeconds } = fault.rateLimit;
  const headers = retryAfterSeconds === undefined ? undefined : { "retry-after": String(retryAfterSeconds) };
  return { id, when: "before", status: 429, headers, body: { message: "Too many requests" } };
}
