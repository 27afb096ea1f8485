/** The embedded tenant in a process of its own, so that its CPU time and memory are nobody else's. */
import { z } from "zod";
import { startTenant } from "../../dist/emulator/testing.js";
import { serve } from "../processes/child.mjs";

/** @type {import("../../dist/emulator/testing.js").Tenant | undefined} */
let tenant;
const open = () => {
  if (tenant === undefined) throw new Error("the tenant has not been started");
  return tenant;
};

serve({
  async start(input) {
    tenant = await startTenant({ storeDirectory: z.string().parse(input) });
    const { url, token } = tenant.record.keyri;
    return { url, token, seed: tenant.identity.seed };
  },
  /** What was asked since the last look. */
  takeJournal() {
    const entries = open().journal();
    open().clearJournal();
    return { requests: entries.length, writes: entries.filter(({ write }) => write).length };
  },
  keys: () => open().state().keyri.keys,
});

process.once("disconnect", () => void tenant?.close());
