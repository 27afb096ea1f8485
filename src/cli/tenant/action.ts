/** `authn tenant` joined to its parts: project, home and the emulator. */
import { startTenant } from "../../../emulator/testing.js";
import { homeOf, makeHome } from "../home.js";
import { findProject } from "../project.js";
import type { Surroundings } from "../surroundings.js";
import { runTenant } from "./command.js";
import type { AgentOptions } from "./embedded.js";

export interface TenantOptions {
  readonly port: number;
  readonly store: string | undefined;
  readonly keyless: AgentOptions;
  readonly json: boolean;
}

export async function tenant(options: TenantOptions, surroundings: Surroundings): Promise<void> {
  const { cwd, environment, pid, clockMs, stop, stdout } = surroundings;
  const home = homeOf(await findProject(cwd), environment);
  await makeHome(home);
  const write = (line: string) => stdout.write(`${line}\n`);
  await runTenant({ ...options, home, cwd, pid, clockMs, stop, write, start: startTenant });
}
