/** The clock that a stack's rings go by: the embedded tenant's, where Baikal's services are the tenant's (providers/host/session.ts). */
import { baikalConfigurationKeys } from "../../../providers/baikal/inputs.js";
import type { Configuration } from "../configuration.js";
import type { Situation } from "../situation.js";
import { runningTenant } from "../tenant/record.js";

/** False where Baikal stands at an address of its own, which has a clock of its own. */
export function ringsGoByTenant({ values, secretKeys }: Configuration): boolean {
  const { namespace, urls } = baikalConfigurationKeys;
  const ownAddress = urls
    .map((key) => `${namespace}:${key}`)
    .some((key) => values[key] !== undefined || secretKeys.has(key));
  return values["authn:tenant"] === "embedded" && !ownAddress;
}

/** Unix time in milliseconds, by the running tenant's clock where rings go by that. */
export async function ringsNowMs({ configuration, home }: Situation, realMs: number): Promise<number> {
  if (!ringsGoByTenant(configuration)) return realMs;
  return realMs + ((await runningTenant(home.tenantRecord))?.clock?.offsetMs ?? 0);
}
