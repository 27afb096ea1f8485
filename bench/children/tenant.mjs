/**
 * The embedded tenant in a process of its own, so that its CPU time and memory are nobody else's; with the record that a provider
 * finds it and its clock by, as `authn` leaves it.
 */
import { z } from "zod";
import { startTenant } from "../../dist/emulator/testing.js";
import { recordOf } from "../../dist/src/cli/tenant/embedded.js";
import { standingRecord } from "../../dist/src/cli/tenant/standing-record.js";
import { serve } from "../processes/child.mjs";
import { resourceNames, resources } from "../resources/index.mjs";
import { serveAllKeys } from "./all-keys.mjs";

const startSchema = z.object({
  resource: z.enum(resourceNames),
  recordFile: z.string(),
  // The tenant's own to check.
  options: z.record(z.string(), z.unknown()),
});

/** @typedef {import("../resources/index.mjs").Tenant} Tenant */
/** @typedef {{ tenant: Tenant, resource: import("../resources/index.mjs").Resource, allKeys: import("./all-keys.mjs").AllKeys }} Started */
/** @type {Started | undefined} */
let started;
const running = () => {
  if (started === undefined) throw new Error("the tenant has not been started");
  return started;
};

serve({
  async start(input) {
    const { resource, recordFile, options } = startSchema.parse(input);
    const record = standingRecord(recordFile, process.pid);
    const allKeys = await serveAllKeys();
    // Not cached: each ring's first key is to be proven at once.
    const baikal = { jwksUrl: allKeys.url, jwksCacheSeconds: 0 };
    const tenant = await startTenant({ baikal, ...options, clockChanged: record.clockChanged });
    allKeys.follow(tenant);
    record.put(recordOf(tenant, process.pid, Date.now()));
    started = { tenant, resource: resources[resource], allKeys };
    return started.resource.configuration(tenant);
  },
  /** What was asked since the last look. */
  takeJournal() {
    const { tenant, allKeys } = running();
    const entries = tenant.journal();
    tenant.clearJournal();
    const requests = entries.length - allKeys.takeOwn(entries);
    return { requests, writes: entries.filter(({ write }) => write).length };
  },
  /** How far its clock is from real time then, in milliseconds. */
  advanceClock: (input) => running().tenant.setClock({ advanceMs: z.int().parse(input) }).offsetMs,
  count() {
    const { tenant, resource } = running();
    return resource.count(tenant.state());
  },
});

process.once("disconnect", () => {
  started?.allKeys.close();
  void started?.tenant.close();
});
