/**
 * Which service stands on which port: each on an origin of its own, as in production, on consecutive ports from a base. The
 * order is fixed, so that an address stays what it is while services are added; one that isn't built leaves its port unused.
 */

/** The origins in the order of their ports. */
const slots = [
  "admin",
  "keyless-agent",
  "keyless-operations",
  "keyless-authentication",
  "hanko-authentication",
  "hanko-passkey",
  "baikal",
  "keyri",
  "relying-party",
  "jwks-bucket",
] as const;

export type Slot = (typeof slots)[number];
/** An origin that stands for a service of production, or for a party that meets one: all but the tenant's own admin origin. */
export type ServiceName = Exclude<Slot, "admin">;

export const serviceNames = slots.filter((slot): slot is ServiceName => slot !== "admin");

/** The largest base from which every slot has a port. */
export const MAX_BASE_PORT = 65_535 - (slots.length - 1);

/** The port of a slot; base 0 stands for "any free one", for every slot. */
export function portOf(slot: Slot, basePort: number): number {
  return basePort === 0 ? 0 : basePort + slots.indexOf(slot);
}
