/**
 * `pulumi-authn/testing`: the embedded tenant in process, for the tests of those who use this package. It listens on loopback
 * only, and can do all that the admin origin can.
 */

/** What the authserver and the bucket can be set to: clients, cache times, the life of tokens. */
export type { BaikalClientOptions, BaikalOptions } from "./baikal/settings.js";
/** Real time as the tenant takes it, and what moves its own clock. */
export type { Clock, ClockChange, ClockChanged, ClockReading } from "./clock.js";
/** What `startTenant`, `addFault` and `setClock` throw; its `code` is `ERR_AUTHN_TENANT`. */
export { TenantError, type TenantProblem } from "./errors.js";
/** A fault as one asks for it, and as it stands. */
export type { FaultSpec } from "./faults/fault.js";
export type { StandingFault } from "./faults/fault-list.js";
/** What Hanko's tenant can be set to: relying party, origins, and what it asks of authenticators. */
export type { HankoOptions } from "./hanko/settings.js";
/** The tenant's id and seed. */
export type { TenantIdentity } from "./identity.js";
/** One request that a service answered. */
export type { JournalEntry } from "./journal.js";
/** What the Keyless agent can be set to: latency, concurrency, online enrolment. */
export type { KeylessOptions } from "./keyless/settings.js";
/** What a tenant is started with: ports, folder, clock, and how Hanko's tenant and the Keyless agent are set. */
export type { TenantOptions } from "./options.js";
/** Where a tenant's services are and the keys to them, named as in the stack's configuration; counts of what they hold. */
export type { State, TenantRecord } from "./services.js";

/** The names by which faults and journal know the services. */
export type { ServiceName } from "./slots.js";
/**
 * Starts an embedded tenant: the identity services on loopback ports of their own, with a journal, faults and a clock.
 *
 * @example
 * ```ts
 * import { startTenant } from "pulumi-authn/testing";
 *
 * const tenant = await startTenant();
 * const { url, token } = tenant.record.keyri;
 * // … point the stack's `keyri:url` and `keyri:token` there, run it …
 * tenant.state().keyri; // { keys: 12 }
 *
 * // The next registration succeeds, but its answer is lost.
 * tenant.addFault({ service: "keyri", method: "POST", path: "/keyriRegistration", when: "after", reset: true });
 *
 * tenant.setClock({ advanceMs: 3_600_000 });
 * await tenant.close();
 * ```
 */
export { startTenant, type Tenant } from "./tenant.js";
