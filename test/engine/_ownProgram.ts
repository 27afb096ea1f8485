/** A stack of a program that a user of the package has written, run by the Automation API in a project's folder. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation/index.js";
import { findEngine } from "../../src/cli/engine/index.js";

export async function ownProgramStack(folder: string, program: () => Promise<Record<string, unknown>>): Promise<Stack> {
  const engine = await findEngine({ environment: process.env, report: () => undefined });
  const state = join(folder, "state");
  await mkdir(state);
  return await LocalWorkspace.createOrSelectStack(
    { stackName: "own", projectName: "own", program },
    {
      workDir: folder,
      pulumiCommand: engine.command,
      envVars: {
        ...engine.environment,
        PULUMI_BACKEND_URL: `file://${state}`,
        PULUMI_CONFIG_PASSPHRASE: "passphrase",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      },
    },
  );
}
