/** What an operation needs beside the engine: the program and, where the configuration says so, the embedded tenant. */
import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";
import { once } from "./once.js";
import type { Operation } from "./operations.js";
import type { Situation } from "./situation.js";
import type { Surroundings } from "./surroundings.js";
import { type TenantInUse, useTenant } from "./tenant/embedded.js";

export interface Company {
  /** Loads and starts both; called again it does nothing more. */
  begin(): void;
  /** Undefined where the configuration wants no embedded tenant. Begins. */
  tenant(): Promise<TenantInUse | undefined>;
  /** The inline program, which waits for the tenant: the provider process reads its record once the program registers. */
  readonly program: PulumiFn;
  /** Lets go of a tenant that was begun. */
  leave(): Promise<void>;
}

export function companyOf(
  operation: Operation,
  situation: Situation,
  surroundings: Surroundings,
  report: (line: string) => void,
): Company {
  const { home, configuration } = situation;
  const { pid, clockMs, now, environment } = surroundings;
  let begun = false;
  const tenant = once(async () => {
    begun = true;
    if (configuration.values["authn:tenant"] !== "embedded") return undefined;
    const [{ startTenant }, { withJwksUrl }] = await Promise.all([
      import("../../emulator/testing.js"),
      import("./tenant/service-settings.js"),
    ]);
    const baikal = withJwksUrl(environment);
    return await useTenant({ home, start: startTenant, baikal, pid, clockMs, now, report });
  });
  // Fixtures that can't be read any more must not stand in the way of a destroy: it needs only today's configuration.
  const loaded = once(() => (operation === "destroy" ? import("./teardown.js") : import("../program.js")));
  return {
    begin: () => {
      // Whoever awaits them gets their errors.
      tenant().catch(() => undefined);
      loaded().catch(() => undefined);
    },
    tenant,
    program: async () => {
      await tenant();
      const { default: program } = await loaded();
      return await program();
    },
    leave: async () => {
      if (!begun) return;
      const inUse = await tenant().catch(() => undefined);
      await inUse?.leave();
    },
  };
}
