/** Gets the engine once, before the engine tests: a build of minutes must not fall into the first test's time. */
import { findEngine } from "../../src/cli/engine/index.js";

export async function setup(): Promise<void> {
  await findEngine({ environment: process.env, report: (line) => process.stderr.write(`${line}\n`) });
}
