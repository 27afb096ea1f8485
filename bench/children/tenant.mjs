/** The embedded tenant in a process of its own, so that its CPU time and memory are nobody else's. */
import { z } from "zod";
import { startTenant } from "../../dist/emulator/testing.js";
import { serve } from "../processes/child.mjs";
import { resourceNames, resources } from "../resources/index.mjs";

// The options are the tenant's own to check.
const startSchema = z.object({ resource: z.enum(resourceNames), options: z.record(z.string(), z.unknown()) });

/** @type {{ tenant: import("../resources/index.mjs").Tenant, resource: import("../resources/index.mjs").Resource } | undefined} */
let started;
const running = () => {
  if (started === undefined) throw new Error("the tenant has not been started");
  return started;
};

serve({
  async start(input) {
    const { resource, options } = startSchema.parse(input);
    started = { tenant: await startTenant(options), resource: resources[resource] };
    return started.resource.configuration(started.tenant);
  },
  /** What was asked since the last look. */
  takeJournal() {
    const { tenant } = running();
    const entries = tenant.journal();
    tenant.clearJournal();
    return { requests: entries.length, writes: entries.filter(({ write }) => write).length };
  },
  count() {
    const { tenant, resource } = running();
    return resource.count(tenant.state());
  },
});

process.once("disconnect", () => void started?.tenant.close());
