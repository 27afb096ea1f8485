// Where a round or a scenario takes place: a project, its tenant, and what was found there so far.
import { z } from "zod";
import { makeProject } from "./project.mjs";
import { lastWords, start } from "./run.mjs";
import { exportState, savedIn } from "./saved.mjs";
import { openTenant } from "./tenant.mjs";

/** @typedef {import("./compare.mjs").Finding | { kind: "failed run" | "unfinished", what: string }} RoundFinding */
/** @typedef {{ operation: string, at: string, targets: readonly string[] }} Struck */
/** @typedef {{ struck: readonly Struck[], missed: number, findings: readonly RoundFinding[], runs: number, folder: string }} Played */
/**
 * @typedef {object} Setting
 * @property {string} engine the `pulumi` executable
 * @property {boolean} withoutLedger
 * @property {boolean} canCheckpoint whether `authn up` knows --checkpoints
 * @property {boolean} keep whether the project stays where something was found
 * @property {(line: string) => void} report
 */

/** After all that befell it, an operation is to come through at once; it is run on to see how bad it is. */
const MOST_RUNS = 3;

/** The project, its tenant, and what came of it so far. @param {Setting & { resources: number, hankoApi?: import("./plan.mjs").HankoApi }} setting */
export async function openStage(setting) {
  const project = await makeProject(setting);
  const tenant = await openTenant(project);
  /** @type {RoundFinding[]} */
  const findings = [];
  /** @type {Struck[]} */
  const struck = [];
  let runs = 0;
  let missed = 0;
  const environment = setting.withoutLedger ? { PULUMI_SKIP_CHECKPOINTS: "true" } : {};
  /** @param {import("./run.mjs").Wanted} wanted */
  const begin = (wanted) => {
    runs += 1;
    const running = start(project, { ...wanted, environment });
    const ended = running.ended.then((ran) => {
      if (ran.hangs)
        findings.push({ kind: "unfinished", what: `${wanted.args.join(" ")} hangs: ${lastWords(ran.said)}` });
      return ran;
    });
    return { ...running, ended };
  };
  return {
    project,
    tenant,
    canCheckpoint: setting.canCheckpoint,
    report: setting.report,
    found: (/** @type {readonly RoundFinding[]} */ more) => findings.push(...more),
    begin,
    /** @param {import("./run.mjs").Wanted} wanted */
    authn: (wanted) => begin(wanted).ended,
    note(/** @type {Struck} */ one, hasStruck) {
      if (hasStruck) struck.push(one);
      else missed += 1;
    },
    /** @param {readonly string[]} args @param {string} operation */
    async toItsEnd(args, operation) {
      for (let attempt = 1; attempt <= MOST_RUNS; attempt += 1) {
        const ran = await begin({ args }).ended;
        setting.report?.(`${operation} to its end: code ${ran.code}, ${Math.round(ran.ms)} ms`);
        if (ran.code === 0) return true;
        findings.push({ kind: "failed run", what: `${operation}, run ${attempt} to its end: ${lastWords(ran.said)}` });
      }
      findings.push({ kind: "unfinished", what: `${operation} didn't come through in ${MOST_RUNS} runs` });
      return false;
    },
    /** What the state and the services hold; undefined where the state can't be read. */
    async look() {
      const exported = exportState(project, setting.engine).catch((/** @type {Error} */ error) => {
        findings.push({ kind: "unfinished", what: `the state can't be read: ${error.message}` });
      });
      const [text, standing] = await Promise.all([exported, tenant.contents()]);
      if (text === undefined) return undefined;
      const { resources, pending } = savedIn(text);
      if (!setting.withoutLedger) findings.push(...(await ledgerFindings(project)));
      if (pending > 0) findings.push({ kind: "unfinished", what: `the state has ${pending} pending operations` });
      return { saved: resources, standing };
    },
    played: () => ({ struck, missed, findings, runs, folder: project.folder }),
    async close() {
      await tenant.close();
      if (findings.length === 0 || !setting.keep) await project.remove();
    },
  };
}

/** @typedef {Awaited<ReturnType<typeof openStage>>} Stage */

const ledgerStatus = z.object({
  outputs: z.object({ unresolved: z.record(z.string(), z.unknown()), pending: z.record(z.string(), z.unknown()) }),
});

/** Where all is well, the ledger has nothing left to say. @param {import("./project.mjs").Project} project @returns {Promise<readonly RoundFinding[]>} */
async function ledgerFindings(project) {
  const { code, said } = await start(project, { args: ["ledger", "status"] }).ended;
  if (code !== 0) return [{ kind: "failed run", what: `ledger status: ${lastWords(said)}` }];
  const { unresolved, pending } = ledgerStatus.parse(JSON.parse(said.trimEnd().split("\n").at(-1) ?? "")).outputs;
  const left = Object.entries({ unresolved, pending }).filter(([, counts]) => Object.keys(counts).length > 0);
  return left.map(([what, counts]) => ({
    kind: "unfinished",
    what: `the ledger has ${what} entries: ${JSON.stringify(counts)}`,
  }));
}
