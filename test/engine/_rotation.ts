/**
 * A stack of one ring on the embedded tenant, run by the real engine and the real provider host as `authn up` runs them, each run in a
 * process of its own. The tenant stands in the test's process, and the record that it leaves makes the provider's clock follow its own.
 */
import { type ChildProcess, fork } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { Tenant } from "../../emulator/testing.js";
import { automation } from "../../src/cli/automation.js";
import { findEngine } from "../../src/cli/engine/index.js";
import { engineRunner } from "../../src/cli/engine-process.js";
import { nodeOptions } from "../../src/cli/sdk/environment.js";
import type { BaikalClientKeysArgs } from "../../src/index.js";
import { embeddedTenant } from "./_embedded.js";
import { createProject } from "./_project.js";

const ringKey = z.object({
  kid: z.string(),
  state: z.string(),
  seenAt: z.string().nullish(),
  activatedAt: z.string().nullish(),
});
const deployment = z.object({
  kid: z.string(),
  /** PKCS#8 PEM. */
  privateKey: z.string(),
  keys: z.array(ringKey),
  /** Where its slots begin, RFC 3339. */
  anchoredAt: z.string(),
});
const outcome = z.object({ succeeded: z.boolean(), said: z.string(), deployed: deployment.optional() });

/** What a deployment that follows a successful run hands to the application, and what the run says of the ring. */
export type Deployed = z.infer<typeof deployment>;

export interface RotationRun {
  readonly succeeded: boolean;
  /** What the engine and the provider said. */
  readonly said: string;
}

export interface Rotation {
  readonly tenant: Tenant;
  /** The tenant's clock, Unix milliseconds. */
  nowMs(): number;
  /** Of the last run that succeeded. */
  deployed(): Deployed;
  /** `anew`: the ring is replaced by name, as `pulumi up --replace` does. */
  up(options?: { readonly anew?: boolean }): Promise<RotationRun>;
  /** Kills engine and provider, as `kill -9` does, once the tenant's faults have all struck; the lock that is left is cleared. */
  upKilled(): Promise<RotationRun>;
  close(): Promise<void>;
}

export async function openRotation(args: BaikalClientKeysArgs): Promise<Rotation> {
  const project = await createProject({ name: "own", config: { "authn:tenant": "embedded" } });
  const { folder, home } = project;
  const { tenant, nowMs } = await embeddedTenant(home);

  const engine = await findEngine({ environment: process.env, report: () => undefined });
  const state = join(folder, "state");
  await mkdir(state);
  const never = new AbortController().signal;
  const environment = {
    AUTHN_HOME: home,
    NODE_OPTIONS: nodeOptions(process.env["NODE_OPTIONS"]),
    PULUMI_BACKEND_URL: `file://${state}`,
    PULUMI_CONFIG_PASSPHRASE: "passphrase",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
  const options = {
    name: "prod",
    workspaceFolder: folder,
    command: engine.command,
    run: engineRunner({
      ...{ command: engine.command.command, environment: process.env },
      ...{ stop: never, now: never, onSpawn: () => undefined },
    }),
    environment: { ...engine.environment, ...environment },
    secretsProvider: undefined,
    program: () => Promise.reject(new Error("each run has a process of its own")),
  };
  await automation.ensureStack(options, false);
  const stack = await automation.openStack(options);
  let deployed: Deployed | undefined;

  const begin = ({ anew = false } = {}): { readonly child: ChildProcess; readonly ended: Promise<RotationRun> } => {
    const child = fork(fileURLToPath(new URL("_rotation-run.mjs", import.meta.url)));
    child.send({ folder, environment, args, anew });
    const answered = new Promise<unknown>((resolve, reject) => {
      child.once("message", resolve);
      child.once("exit", (code) => reject(new Error(`the run ended with ${code} and said nothing`)));
    });
    const ended = answered.then((answer) => {
      child.disconnect();
      const { deployed: ofRun, ...run } = outcome.parse(answer);
      deployed = ofRun ?? deployed;
      return run;
    });
    return { child, ended };
  };
  const up: Rotation["up"] = (how) => begin(how).ended;

  return {
    tenant,
    nowMs,
    deployed() {
      if (deployed === undefined) throw new Error("no run has succeeded yet");
      return deployed;
    },
    up,
    async upKilled() {
      const { child, ended } = begin();
      let hasEnded = false;
      const running = ended.finally(() => {
        hasEnded = true;
      });
      while (!hasEnded && tenant.faults().length > 0) await sleep(5);
      if (child.connected) child.send("kill");
      const run = await running;
      await stack.cancel();
      return run;
    },
    async close() {
      await tenant.close();
      await project.remove();
    },
  };
}
