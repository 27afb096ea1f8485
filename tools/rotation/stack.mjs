// A stack of one key ring on an embedded tenant of its own, in a temporary folder that goes with it, and the real engine to run it.
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startTenant } from "../../dist/emulator/testing.js";
import { automation } from "../../dist/src/cli/automation.js";
import { findEngine } from "../../dist/src/cli/engine/index.js";
import { engineRunner } from "../../dist/src/cli/engine-process.js";
import { recordOf } from "../../dist/src/cli/tenant/embedded.js";
import { standingRecord } from "../../dist/src/cli/tenant/standing-record.js";
import { BaikalClientKeys } from "../../dist/src/index.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const YAML =
  "name: rotation\nruntime: { name: nodejs, options: { typescript: false } }\nconfig: { authn:tenant: { value: embedded } }\n";

/**
 * @param {() => import("../../dist/src/index.js").BaikalClientKeysArgs} declare asked before each run
 * @param {AbortSignal} now ends a run at once
 */
export async function openStack(declare, now) {
  const folder = await mkdtemp(join(tmpdir(), "authn-rotation-"));
  const home = join(folder, ".authn");
  const state = join(folder, "state");
  for (const path of [home, state, join(folder, "node_modules")]) await mkdir(path);
  await writeFile(join(folder, "Pulumi.yaml"), YAML);
  await symlink(root, join(folder, "node_modules", "pulumi-authn"), "junction");
  await symlink(join(root, "node_modules", "@pulumi"), join(folder, "node_modules", "@pulumi"), "junction");

  const standing = standingRecord(join(home, "tenant.json"), process.pid);
  const tenant = await startTenant({ clockChanged: standing.clockChanged });
  standing.put(recordOf(tenant, process.pid, Date.now()));
  const engine = await findEngine({ environment: process.env, report: (line) => process.stderr.write(`${line}\n`) });
  let ring;
  const options = {
    name: "demo",
    workspaceFolder: folder,
    command: engine.command,
    run: engineRunner({
      command: engine.command.command,
      environment: process.env,
      stop: now,
      now,
      onSpawn: () => undefined,
    }),
    environment: {
      ...engine.environment,
      AUTHN_HOME: home,
      PULUMI_BACKEND_URL: `file://${state}`,
      PULUMI_CONFIG_PASSPHRASE: "rotation-demo",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    },
    secretsProvider: undefined,
    program: async () => {
      ring = new BaikalClientKeys("clients/billing", declare());
    },
  };
  const close = async () => {
    await tenant.close();
    await rm(folder, { recursive: true, force: true });
  };
  let stack;
  try {
    await automation.ensureStack(options, false);
    stack = await automation.openStack(options);
  } catch (error) {
    await close();
    throw error;
  }

  return {
    tenant,
    nowMs: () => Date.now() + standing.clockOffsetMs(),
    /** One `authn up`. @returns what the ring is then, or why the run failed */
    async up() {
      const words = [];
      ring = undefined;
      try {
        await stack.up({
          suppressOutputs: true,
          suppressProgress: true,
          color: "never",
          onEvent: ({ diagnosticEvent: said }) => {
            if (said?.severity === "error" && said.urn) words.push(said.message);
          },
        });
      } catch (error) {
        return { failed: words[0] ?? String(error) };
      }
      const { activeKid, activePrivateKey, keys, history } = ring;
      const outputs = [activeKid, activePrivateKey, keys, history].map(valueIn);
      const [kid, privateKey, known, events] = await Promise.all(outputs);
      return { kid, privateKey, keys: known, history: events };
    },
    close,
  };
}

/** The value of an output of a run that has ended. */
const valueIn = (output) => new Promise((resolve) => output.apply(resolve));
