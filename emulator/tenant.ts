/**
 * The embedded tenant: binds its loopback ports, opens its store and its systems, and serves each service on an origin of its
 * own (design: one process, consecutive ports from a base).
 */
import { randomBytes } from "node:crypto";
import { adminApp } from "./admin/routes.js";
import { type Administration, administrationOf } from "./administration.js";
import { type Clock, type ClockChanged, systemClock, TenantClock } from "./clock.js";
import { FaultList } from "./faults/fault-list.js";
import { adminAnswer } from "./http/admin-answer.js";
import { hostsOf } from "./http/guard.js";
import { type Listener, listenAll } from "./http/listener.js";
import { serviceAnswer } from "./http/service-answer.js";
import { openIdentity, openTokens, type TenantIdentity } from "./identity.js";
import { Journal } from "./journal.js";
import { parseOptions, type TenantOptions } from "./options.js";
import { builtServices, openSystems, type TenantRecord } from "./services.js";
import type { Slot } from "./slots.js";
import { openStore, type Store } from "./store/store.js";
import type { SystemContext } from "./system.js";

/** A running tenant. */
export interface Tenant extends Administration {
  /** Where its services are, and the keys to them. Holds secrets. */
  readonly record: TenantRecord;
  /** Its id and the seed of its demonstration keys; the same after each restart on one store. */
  readonly identity: TenantIdentity;
  /** Ends all connections, writes what is left to write, and frees ports and store. */
  close(): Promise<void>;
}

const DEFAULT_MAX_BODY_BYTES = 1024 * 1024;

/**
 * Starts a tenant on 127.0.0.1.
 * @throws TenantError where an option is wrong, a port is taken, or the store is in use, corrupt or not a store. Then nothing
 * stays open.
 */
export async function startTenant(options: TenantOptions = {}): Promise<Tenant> {
  const { basePort, storeDirectory, clock = systemClock, clockChanged = () => {}, ...settings } = parseOptions(options);
  const listeners = await listenAll(["admin", ...builtServices.map(({ name }) => name)], basePort);
  let store: Store | undefined;
  try {
    store = await openStore(storeDirectory);
    return await serve(listeners, store, settings, { clock, clockChanged });
  } catch (error) {
    await Promise.all(listeners.map((listener) => listener.close()));
    await store?.close();
    throw error;
  }
}

async function serve(
  listeners: readonly Listener[],
  store: Store,
  settings: SystemContext["settings"],
  time: { readonly clock: Clock; readonly clockChanged: ClockChanged },
): Promise<Tenant> {
  const listenerOf = (slot: Slot): Listener => {
    const found = listeners.find((listener) => listener.slot === slot);
    if (found === undefined) throw new Error(`No origin is bound for ${slot}`);
    return found;
  };
  const urlOf = (slot: Slot) => listenerOf(slot).url;
  const flush = () => store.flush();
  const clock = await TenantClock.open(time.clock, store, time.clockChanged);
  const identity = await openIdentity(store, randomBytes);
  const tokens = await openTokens(store, randomBytes);
  const systems = await openSystems({ store, clock, tokens, urlOf, settings });
  const journal = new Journal();
  const faults = new FaultList(clock);
  const administration = administrationOf({ systems, journal, faults, clock, flush });
  const token = tokens.of("admin");
  // Nobody may learn a token or an id that a crash would take back.
  await flush();

  for (const service of systems.all.flatMap((system) => system.services)) {
    const { name, app, pages, pattern, maxBodyBytes = DEFAULT_MAX_BODY_BYTES } = service;
    const listener = listenerOf(name);
    const hosts = hostsOf(listener.port);
    const origin = { app, hosts, pages, maxBodyBytes, flush };
    listener.serve(serviceAnswer({ ...origin, service: name, pattern, faults, journal, clock }));
  }
  const admin = listenerOf("admin");
  const hosts = hostsOf(admin.port);
  const services = builtServices.map((service) => ({ ...service, url: urlOf(service.name) }));
  const app = adminApp({ administration, identity, token, services });
  admin.serve(adminAnswer({ app, hosts, maxBodyBytes: DEFAULT_MAX_BODY_BYTES, flush }));

  time.clockChanged(clock.reading());
  return {
    ...administration,
    identity,
    record: { admin: { url: admin.url, token }, ...systems.record },
    async close() {
      await Promise.all(listeners.map((listener) => listener.close()));
      await store.close();
    },
  };
}
