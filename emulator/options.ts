/** What a tenant can be started with, checked strictly: a caller without types must not believe that it listens elsewhere. */
import { z } from "zod";
import { type BaikalOptions, baikalOptions } from "./baikal/settings.js";
import type { Clock, ClockChanged } from "./clock.js";
import { TenantError } from "./errors.js";
import { type HankoOptions, hankoOptions } from "./hanko/settings.js";
import { describeIssues } from "./invalid.js";
import { type KeylessOptions, keylessOptions } from "./keyless/settings.js";
import { MAX_BASE_PORT } from "./slots.js";

export interface TenantOptions {
  /** The admin origin's port; the services follow on the next ones. 0, the default: any free ports. */
  readonly basePort?: number | undefined;
  /** The folder of the durable store, made where it is missing; absent: everything is in memory. */
  readonly storeDirectory?: string | undefined;
  /** Real time, for tests that hold it still; the system's clock unless given. */
  readonly clock?: Clock | undefined;
  /**
   * Is told what the tenant's clock shows: once at the start, and each time that it is set, in process or over the admin origin,
   * or set right by a reset. Called before the change is answered; must not throw.
   */
  readonly clockChanged?: ClockChanged | undefined;
  /** The authserver's clients, how long it caches their keys and how long its tokens live; the bucket's cache time. */
  readonly baikal?: BaikalOptions | undefined;
  /** Hanko's relying party, and what it asks of authenticators. */
  readonly hanko?: HankoOptions | undefined;
  /** The Keyless agent's latency, concurrency and configuration. */
  readonly keyless?: KeylessOptions | undefined;
}

const portRange = `must be 0, or 1 to ${MAX_BASE_PORT}`;
const options = z.strictObject({
  basePort: z.int(portRange).min(0, portRange).max(MAX_BASE_PORT, portRange).default(0),
  storeDirectory: z.string("must be a path").min(1, "must be a path").optional(),
  clock: z.custom<Clock>(isClock, "must have a method nowMs").optional(),
  clockChanged: z.custom<ClockChanged>((value) => typeof value === "function", "must be a function").optional(),
  baikal: baikalOptions.prefault({}),
  hanko: hankoOptions.prefault({}),
  keyless: keylessOptions.prefault({}),
});

/** @throws TenantError that names each wrong option. */
export function parseOptions(given: TenantOptions): z.output<typeof options> {
  const parsed = options.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new TenantError({
    problem: "options",
    what: `The embedded tenant can't be started: ${describeIssues(parsed.error)}`,
    remedy:
      "It takes basePort, storeDirectory, clock, clockChanged, baikal, hanko and keyless, and listens on loopback only",
  });
}

function isClock(value: unknown): boolean {
  return typeof value === "object" && value !== null && "nowMs" in value && typeof value.nowMs === "function";
}
