/** An embedded tenant of a project's own in the test's process, which the `authn` command finds as if it ran in a terminal. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { startTenant, type Tenant } from "../../emulator/testing.js";
import { recordOf } from "../../src/cli/tenant/embedded.js";
import { standingRecord } from "../../src/cli/tenant/standing-record.js";

/** @param home AUTHN_HOME; the tenant's clock stands in its record there, each time that it is set */
export async function embeddedTenant(home: string): Promise<{ readonly tenant: Tenant; nowMs(): number }> {
  await mkdir(home, { recursive: true, mode: 0o700 });
  const standing = standingRecord(join(home, "tenant.json"), process.pid);
  const tenant = await startTenant({ clockChanged: standing.clockChanged });
  standing.put(recordOf(tenant, process.pid, Date.now()));
  return { tenant, nowMs: () => Date.now() + standing.clockOffsetMs() };
}
