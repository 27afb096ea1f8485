/** `authn tenant` joined to its parts: project, home and the emulator. */
import { resolve } from "node:path";
import { startTenant } from "../../../emulator/testing.js";
import { homeOf, makeHome } from "../home.js";
import { findProject } from "../project.js";
import type { Surroundings } from "../surroundings.js";
import { runTenant } from "./command.js";
import type { AgentOptions } from "./embedded.js";
import { readBaikalSettings, readHankoSettings, withJwksUrl } from "./service-settings.js";

export interface TenantOptions {
  readonly port: number;
  readonly store: string | undefined;
  readonly keyless: AgentOptions;
  /** A file of Hanko's settings, absolute or relative to the working folder. */
  readonly hankoSettings: string | undefined;
  /** The same of Baikal's. */
  readonly baikalSettings: string | undefined;
  readonly json: boolean;
}

export async function tenant(options: TenantOptions, surroundings: Surroundings): Promise<void> {
  const { cwd, environment, pid, clockMs, stop, stdout } = surroundings;
  const home = homeOf(await findProject(cwd), environment);
  const { hankoSettings, baikalSettings } = options;
  const hanko = hankoSettings === undefined ? undefined : await readHankoSettings(resolve(cwd, hankoSettings));
  const ofBaikal = baikalSettings === undefined ? undefined : await readBaikalSettings(resolve(cwd, baikalSettings));
  const baikal = withJwksUrl(environment, ofBaikal);
  await makeHome(home);
  const write = (line: string) => stdout.write(`${line}\n`);
  await runTenant({ ...options, hanko, baikal, home, cwd, pid, clockMs, stop, write, start: startTenant });
}
