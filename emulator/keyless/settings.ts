/** What the agent of a tenant can be set to: as slow, as busy and as configured as a real one. */
import { z } from "zod";

export interface KeylessOptions {
  /** How long the agent takes for an image, in milliseconds of real time; 0 unless given. A client that hangs up isn't served. */
  readonly agentLatencyMs?: number | undefined;
  /** How many enrolments the agent works on at a time; what comes beyond is 429. Unlimited unless given. */
  readonly agentConcurrency?: number | undefined;
  /** Whether the agent is configured for online enrolment (the default); false: that call answers 409. */
  readonly onlineEnrollment?: boolean | undefined;
}

const latencyRange = "must be a whole number of milliseconds, at most ten minutes";
const concurrencyRange = "must be a whole number from 1";

export const keylessOptions = z.strictObject({
  agentLatencyMs: z.int(latencyRange).min(0, latencyRange).max(600_000, latencyRange).default(0),
  agentConcurrency: z.int(concurrencyRange).min(1, concurrencyRange).optional(),
  onlineEnrollment: z.boolean("must be true or false").default(true),
});

export type KeylessSettings = z.output<typeof keylessOptions>;
