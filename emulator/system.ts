/**
 * What a system's folder offers to the tenant: the services it stands on, and, once opened, their apps, its counts and its
 * part of the tenant's record. A new system is a folder with one such object, and its lines in `services.ts`.
 */
import type { BaikalSettings } from "./baikal/settings.js";
import type { Clock } from "./clock.js";
import type { HankoSettings } from "./hanko/settings.js";
import type { App } from "./http/origin.js";
import type { Tokens } from "./identity.js";
import type { KeylessSettings } from "./keyless/settings.js";
import type { ServiceName } from "./slots.js";
import type { Store } from "./store/store.js";

/** What a system is given; it reaches for nothing else. */
export interface SystemContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly tokens: Tokens;
  /** The address of a service, without a trailing slash. The ports are bound when a system is opened. */
  urlOf(service: ServiceName): string;
  /** What the tenant was started with for single systems. */
  readonly settings: {
    readonly baikal: BaikalSettings;
    readonly hanko: HankoSettings;
    readonly keyless: KeylessSettings;
  };
}

interface Service {
  readonly name: ServiceName;
  readonly app: App;
  /** The largest body it takes; 1 MiB unless said. */
  readonly maxBodyBytes?: number;
  /** Other origins whose pages may call it; none unless said. */
  readonly pages?: readonly string[];
  /** What the journal calls a path whose own text it must not hold, since there are usernames or keys in it; `/*` for an unknown one. */
  readonly pattern?: (pathname: string) => string;
}

export interface OpenSystem<Counts, Entry> {
  readonly services: readonly Service[];
  /** What it holds, by kind: its part of `GET /state`. */
  counts(): Counts;
  /** Empties it, tokens apart. */
  reset(): void;
  /** Its addresses and keys, named as in the stack's configuration: its part of the tenant's record. */
  readonly record: Entry;
}

export interface System<Counts, Entry> {
  /** What is listed on the admin page, by service. */
  readonly services: readonly { readonly name: ServiceName; readonly title: string }[];
  open(context: SystemContext): Promise<OpenSystem<Counts, Entry>>;
}
