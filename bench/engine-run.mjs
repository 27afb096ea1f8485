/** A subject through its life on the real engine: create, no-op, refresh, destroy, each in a process of its own. */
import { mkdir, mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { nodeOptions } from "../dist/src/cli/sdk/environment.js";
import { startChild } from "./processes/child.mjs";
import { watchTree } from "./processes/watch.mjs";
import { resources } from "./resources/index.mjs";
import { stateBytesPerResource } from "./state.mjs";
import { isMeasured, subjects } from "./subjects.mjs";

/** @typedef {import("./figures.mjs").OperationName} OperationName */
/** @typedef {import("./figures.mjs").Row} Row */
/** @typedef {import("./subjects.mjs").SubjectName} SubjectName */
/** @typedef {import("./setting.mjs").Setting} Setting */

const outcomeSchema = z.object({ wallSeconds: z.number(), changes: z.record(z.string(), z.number()) });
/**
 * What the engine calls that which each operation should do to all resources, and nothing else; "same" besides comes from a program
 * that runs before its resources are destroyed.
 */
const EXPECTED = {
  create: "create",
  noop: "same",
  refresh: "same",
  refreshWithoutDevices: "same",
  dueStep: "update",
  destroy: "delete",
};

/**
 * @param {SubjectName} subject @param {readonly OperationName[]} operations one after the other @param {Setting} setting
 * @returns {Promise<{ rows: Row[], notes: string[] }>}
 */
export async function runOnEngine(subject, operations, setting) {
  const { resource, usernames, tenant } = setting;
  const folder = await mkdtemp(join(setting.folder, `${subject}-`));
  const workFolder = join(folder, "work");
  const backendFolder = join(folder, "state");
  await Promise.all([workFolder, backendFolder].map((folder) => mkdir(folder)));
  // As `authn` starts its engine: it is one of ours that is measured.
  const ours =
    subjects[subject].program === "authn" ? { NODE_OPTIONS: nodeOptions(setting.environment["NODE_OPTIONS"]) } : {};
  const environment = {
    ...setting.environment,
    ...ours,
    AUTHN_HOME: tenant.home,
    PULUMI_HOME: join(folder, "home"),
    PULUMI_BACKEND_URL: `file://${backendFolder}`,
    PULUMI_CONFIG_PASSPHRASE: "bench",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
  /** @type {Row[]} */
  const rows = [];
  const heldBefore = await tenant.count();
  for (const operation of operations) {
    setting.report(`${resource}, ${subject}: ${operation} ${usernames.length}`);
    const own = checkpointsIn(operation, subject, setting) ? {} : { PULUMI_SKIP_CHECKPOINTS: "true" };
    try {
      const place = { setting, workFolder, environment: { ...environment, ...own } };
      const { figures, changes } = await runOperation(operation, subject, place);
      if (operation === "create") {
        figures.stateBytesPerResource = await stateBytesPerResource(backendFolder, `bench-${subject}`, "bench");
      }
      if (isMeasured(subject, operation)) rows.push({ name: subject, operation, figures });
      if (!didAsNamed(operation, usernames.length, changes)) {
        return { rows, notes: [`${subject} ${operation}: did something else: ${JSON.stringify(changes)}`] };
      }
    } catch (error) {
      return { rows, notes: [withoutSecrets(`${subject} ${operation} failed: ${error}`, tenant)] };
    }
  }
  if (operations.at(-1) !== "destroy") return { rows, notes: [] };
  const left = (await tenant.count()) - heldBefore;
  return { rows, notes: left === 0 ? [] : [`${subject} destroy: left ${left} in the service`] };
}

/** Whether the engine writes the state at each step. @param {OperationName} operation @param {SubjectName} subject @param {Setting} setting */
function checkpointsIn(operation, subject, { skipCheckpoints }) {
  return !skipCheckpoints || (subjects[subject].checkpoints === true && isMeasured(subject, operation));
}

/** The SDK's errors show the engine's command line. @param {string} text @param {Setting["tenant"]} tenant */
function withoutSecrets(text, { configuration }) {
  return Object.values(configuration.secrets).reduce((cleaned, secret) => cleaned.replaceAll(secret, "[secret]"), text);
}

/**
 * What is set before an operation.
 * @param {OperationName} operation @param {SubjectName} subject @param {Setting} setting
 * @returns {import("./resources/index.mjs").Configuration}
 */
function configurationFor(operation, subject, { resource, tenant, settings: shared }) {
  if (operation !== "create") return { settings: resources[resource].variants[operation] ?? {}, secrets: {} };
  const { configuration } = tenant;
  const settings = { ...shared, ...subjects[subject].settings };
  if (resources[resource].embedded) return { settings: { "authn:tenant": "embedded", ...settings }, secrets: {} };
  return { ...configuration, settings: { ...configuration.settings, ...settings } };
}

/** @param {OperationName} operation @param {number} users @param {Readonly<Record<string, number>>} changes */
function didAsNamed(operation, users, changes) {
  const expected = EXPECTED[operation];
  const { [expected]: done = 0, same: _, ...others } = { same: 0, ...changes };
  // The stack itself is one more, and is never updated.
  return done === users + (expected === "update" ? 0 : 1) && Object.keys(others).length === 0;
}

/**
 * @param {OperationName} operation @param {SubjectName} subject
 * @param {{ setting: Setting, workFolder: string, environment: NodeJS.ProcessEnv }} place
 * @returns {Promise<{ figures: import("./figures.mjs").Figures, changes: Record<string, number> }>}
 */
async function runOperation(operation, subject, { setting, workFolder, environment }) {
  const { resource, usernames, parallel, engineRoot, projectFolder, tenant } = setting;
  const script = new URL("children/operation.mjs", import.meta.url);
  const child = startChild(script, { cwd: projectFolder, environment });
  const watch = watchTree(child.pid);
  try {
    const { program } = subjects[subject];
    const run = { resource, program, projectName: `bench-${subject}`, operation, usernames, parallel };
    const job = { ...run, ...configurationFor(operation, subject, setting), engineRoot, projectFolder, workFolder };
    await child.ask("open", job, z.unknown());
    const { dueAfterMs } = resources[resource];
    if (operation === "dueStep" && dueAfterMs !== undefined) await tenant.advanceClock(dueAfterMs);
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
