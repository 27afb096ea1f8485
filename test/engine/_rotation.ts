/**
 * A stack of one ring on the embedded tenant, run by the real engine and the real provider host as `authn up` runs them. The tenant
 * stands in the test's own process, and the record that it leaves makes the provider's clock follow its own.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type * as pulumi from "@pulumi/pulumi";
import type { Tenant } from "../../emulator/testing.js";
import { automation } from "../../src/cli/automation.js";
import { findEngine } from "../../src/cli/engine/index.js";
import { engineRunner, type RunEngine } from "../../src/cli/engine-process.js";
import { nodeOptions } from "../../src/cli/sdk/environment.js";
import { BaikalClientKeys, type BaikalClientKeysArgs, type BaikalRingKey } from "../../src/index.js";
import { embeddedTenant } from "./_embedded.js";
import { createProject } from "./_project.js";

/** What a deployment that follows a successful run hands to the application, and what the run says of the ring. */
export interface Deployed {
  readonly kid: string;
  /** PKCS#8 PEM. */
  readonly privateKey: string;
  readonly keys: readonly BaikalRingKey[];
  /** Where its slots begin, RFC 3339. */
  readonly anchoredAt: string;
}

export interface RotationRun {
  readonly succeeded: boolean;
  /** What the engine and the provider said. */
  readonly said: string;
  readonly durationMs: number;
}

export interface Rotation {
  readonly tenant: Tenant;
  /** The tenant's clock, Unix milliseconds. */
  nowMs(): number;
  /** Of the last run that succeeded. */
  deployed(): Deployed;
  /** `anew`: the ring is replaced by name, as `pulumi up --target-replace` does. */
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
  const stop = new AbortController();
  let kill = new AbortController();
  const run: RunEngine = (...call) => {
    const { command } = engine.command;
    const signals = { stop: stop.signal, now: kill.signal, onSpawn: () => undefined };
    return engineRunner({ command, environment: process.env, ...signals })(...call);
  };
  let deployed: Deployed | undefined;
  let ring: BaikalClientKeys | undefined;
  const options = {
    name: "prod",
    workspaceFolder: folder,
    command: engine.command,
    run,
    environment: {
      ...engine.environment,
      AUTHN_HOME: home,
      NODE_OPTIONS: nodeOptions(process.env["NODE_OPTIONS"]),
      PULUMI_BACKEND_URL: `file://${state}`,
      PULUMI_CONFIG_PASSPHRASE: "passphrase",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    },
    secretsProvider: undefined,
    program: async () => {
      ring = new BaikalClientKeys("clients/billing", args);
      return { kid: ring.activeKid };
    },
  };
  await automation.ensureStack(options, false);
  const stack = await automation.openStack(options);

  const up = async ({ anew = false } = {}): Promise<RotationRun> => {
    const begunMs = performance.now();
    const said: string[] = [];
    let succeeded = true;
    ring = undefined;
    try {
      await stack.up({
        ...{ suppressOutputs: true, suppressProgress: true, color: "never" },
        ...(anew ? { replace: ["**::clients/billing"] } : {}),
        onEvent: ({ diagnosticEvent }) => {
          if (diagnosticEvent !== undefined) said.push(diagnosticEvent.message);
        },
      });
      if (ring !== undefined) deployed = await deployedOf(ring);
    } catch (error) {
      succeeded = false;
      said.push(String(error));
    }
    return { succeeded, said: said.join("\n"), durationMs: performance.now() - begunMs };
  };

  return {
    tenant,
    nowMs,
    deployed() {
      if (deployed === undefined) throw new Error("no run has succeeded yet");
      return deployed;
    },
    up,
    async upKilled() {
      let hasEnded = false;
      const running = up().finally(() => {
        hasEnded = true;
      });
      while (!hasEnded && tenant.faults().length > 0) await sleep(5);
      kill.abort();
      const outcome = await running;
      kill = new AbortController();
      await stack.cancel();
      return outcome;
    },
    async close() {
      await tenant.close();
      await project.remove();
    },
  };
}

/** The values of outputs of a run that has ended. */
async function deployedOf(ring: BaikalClientKeys): Promise<Deployed> {
  return {
    kid: await value(ring.activeKid),
    privateKey: await value(ring.activePrivateKey),
    keys: await value(ring.keys),
    anchoredAt: await value(ring.anchoredAt),
  };
}

function value<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => {
    output.apply(resolve);
  });
}
