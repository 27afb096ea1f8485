/** A subject through its life on the real engine: create, no-op, refresh, destroy, each in a process of its own. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { operations } from "./figures.mjs";
import { startChild } from "./processes/child.mjs";
import { watchTree } from "./processes/watch.mjs";
import { stateBytesPerResource } from "./state.mjs";

/** @typedef {import("./figures.mjs").OperationName} OperationName */
/** @typedef {import("./figures.mjs").Row} Row */
/** @typedef {import("./subjects/index.mjs").SubjectName} SubjectName */
/**
 * @typedef {object} Setting what the subjects of one run share
 * @property {readonly string[]} usernames
 * @property {number} parallel
 * @property {boolean} skipCheckpoints
 * @property {string} scratch an empty folder
 * @property {string} projectFolder where the provider process resolves this package from
 * @property {string | undefined} engineRoot
 * @property {NodeJS.ProcessEnv} environment
 * @property {import("./tenant.mjs").BenchTenant} tenant
 * @property {(line: string) => void} report
 */

const outcomeSchema = z.object({ wallSeconds: z.number(), changes: z.record(z.string(), z.number()) });
/**
 * What the engine calls that which each operation should do to all resources, and nothing else; "same" besides comes from a program
 * that runs before its resources are destroyed.
 */
const EXPECTED = { create: "create", noop: "same", refresh: "same", destroy: "delete" };

/** @param {SubjectName} subject @param {Setting} setting @returns {Promise<{ rows: Row[], notes: string[] }>} */
export async function runOnEngine(subject, setting) {
  const { usernames } = setting;
  const workFolder = join(setting.scratch, "work");
  const backendFolder = join(setting.scratch, "state");
  await Promise.all([workFolder, backendFolder].map((folder) => mkdir(folder, { recursive: true })));
  const environment = {
    ...setting.environment,
    PULUMI_HOME: join(setting.scratch, "home"),
    PULUMI_BACKEND_URL: `file://${backendFolder}`,
    PULUMI_CONFIG_PASSPHRASE: "bench",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    ...(setting.skipCheckpoints ? { PULUMI_SKIP_CHECKPOINTS: "true" } : {}),
  };
  /** @type {Row[]} */
  const rows = [];
  const keysBefore = await setting.tenant.keys();
  for (const operation of operations) {
    setting.report(`${subject}: ${operation} ${usernames.length}`);
    try {
      const { figures, changes } = await runOperation(operation, subject, { setting, workFolder, environment });
      if (operation === "create") {
        figures.stateBytesPerResource = await stateBytesPerResource(backendFolder, `bench-${subject}`, "bench");
      }
      rows.push({ name: subject, operation, figures });
      if (!didAsNamed(operation, usernames.length, changes)) {
        return { rows, notes: [`${subject} ${operation}: did something else: ${JSON.stringify(changes)}`] };
      }
    } catch (error) {
      return { rows, notes: [withoutSecrets(`${subject} ${operation} failed: ${error}`, setting.tenant)] };
    }
  }
  const left = (await setting.tenant.keys()) - keysBefore;
  return { rows, notes: left === 0 ? [] : [`${subject} destroy: left ${left} keys in the service`] };
}

/** The SDK's errors show the engine's command line. @param {string} text @param {import("./tenant.mjs").BenchTenant} tenant */
function withoutSecrets(text, { config }) {
  const secrets = [config["keyri:token"], config["authn:seed"]];
  return secrets.reduce((cleaned, secret) => cleaned.replaceAll(secret, "[secret]"), text);
}

/** @param {OperationName} operation @param {number} users @param {Readonly<Record<string, number>>} changes */
function didAsNamed(operation, users, changes) {
  const { [EXPECTED[operation]]: done = 0, same: _, ...others } = { same: 0, ...changes };
  // The stack itself is one more.
  return done === users + 1 && Object.keys(others).length === 0;
}

/**
 * @param {OperationName} operation @param {SubjectName} subject
 * @param {{ setting: Setting, workFolder: string, environment: NodeJS.ProcessEnv }} place
 * @returns {Promise<{ figures: import("./figures.mjs").Figures, changes: Record<string, number> }>}
 */
async function runOperation(operation, subject, { setting, workFolder, environment }) {
  const { usernames, parallel, engineRoot, projectFolder, tenant } = setting;
  const script = new URL("children/operation.mjs", import.meta.url);
  const child = startChild(script, { cwd: projectFolder, environment });
  const watch = watchTree(child.pid);
  try {
    const config = operation === "create" ? { config: tenant.config } : {};
    const job = { operation, subject, usernames, parallel, engineRoot, projectFolder, workFolder, ...config };
    await child.ask("open", job, z.unknown());
    await tenant.takeJournal();
    watch.mark();
    const { wallSeconds, changes } = await child.ask("run", undefined, outcomeSchema);
    await child.end();
    const usage = watch.stop();
    return {
      changes,
      figures: {
        wallSeconds,
        ...(await tenant.takeJournal()),
        programCpuSeconds: usage?.program.cpuSeconds,
        engineCpuSeconds: usage?.engine.cpuSeconds,
        providerCpuSeconds: usage?.provider.cpuSeconds,
        programPeakBytes: usage?.program.peakBytes,
        enginePeakBytes: usage?.engine.peakBytes,
        providerPeakBytes: usage?.provider.peakBytes,
        seenShare: usage?.seenShare,
      },
    };
  } finally {
    await child.end();
    watch.stop();
  }
}
