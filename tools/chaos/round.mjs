// Plays one round: each operation killed as planned, then run to its end, then compared with what is declared and what stands.
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { compare, leavingOf, lostBetween } from "./compare.mjs";
import { declarationOf, declaredBy, forcedNames, resourcesOf } from "./declaration.mjs";
import { isAlive } from "./process-tree.mjs";
import { makeProject } from "./project.mjs";
import { run } from "./run.mjs";
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

const PERIOD_MS = 7 * 86_400_000;
/** After all that befell it, an operation is to come through at once; it is run on to see how bad it is. */
const MOST_RUNS = 3;
const HOST_PATIENCE_MS = 15_000;

/** @param {import("./plan.mjs").Round} round @param {Setting} setting @returns {Promise<Played>} */
export async function playRound(round, setting) {
  const stage = await openStage({ ...setting, resources: round.resources });
  try {
    let declaration = declarationOf(round.resources);
    let end = { declared: [], saved: [], standing: [] };
    for (const [index, act] of round.acts.entries()) {
      const { begun, last } = declaredBy(declaration, act.operation, index);
      end = await playAct({ act, begun, last, end, round, stage });
      declaration = last;
      // What comes after is but what follows from it.
      if (stage.played().findings.length > 0) break;
    }
    return stage.played();
  } finally {
    await stage.close();
  }
}

/** The project, its tenant, and what came of it so far. @param {Setting & { resources: number }} setting */
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
  return {
    project,
    tenant,
    canCheckpoint: setting.canCheckpoint,
    environment,
    report: setting.report,
    found: (/** @type {readonly RoundFinding[]} */ more) => findings.push(...more),
    /** @param {import("./run.mjs").Wanted} wanted */
    async authn(wanted) {
      runs += 1;
      return run(project, { ...wanted, environment: { ...environment, ...wanted.environment } });
    },
    note(/** @type {Struck} */ one, hasStruck) {
      if (hasStruck) struck.push(one);
      else missed += 1;
    },
    /** @param {readonly string[]} args @param {string} operation */
    async toItsEnd(args, operation) {
      for (let attempt = 1; attempt <= MOST_RUNS; attempt += 1) {
        const ran = await this.authn({ args });
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
  const { code, said } = await run(project, { args: ["ledger", "status"] });
  if (code !== 0) return [{ kind: "failed run", what: `ledger status: ${lastWords(said)}` }];
  const { unresolved, pending } = ledgerStatus.parse(JSON.parse(said.trimEnd().split("\n").at(-1) ?? "")).outputs;
  const left = Object.entries({ unresolved, pending }).filter(([, counts]) => Object.keys(counts).length > 0);
  return left.map(([what, counts]) => ({
    kind: "unfinished",
    what: `the ledger has ${what} entries: ${JSON.stringify(counts)}`,
  }));
}

async function playAct({ act: { operation, kills, isLeftOff = false }, begun, last, end, round, stage }) {
  const { project, tenant } = stage;
  const forced = operation === "force" ? forcedNames(begun) : [];
  const command = operation === "destroy" ? "destroy" : "up";
  const plain = [command, ...(round.checkpoints && stage.canCheckpoint ? ["--checkpoints"] : [])];
  let args = [...plain, ...forced.flatMap((name) => ["--replace", name])];
  if (operation === "rotate") await tenant.advanceClock(PERIOD_MS);
  if (operation !== "destroy") await project.declare(begun);

  const isChanged = begun !== last;
  const seen = [];
  let isDone = false;
  for (const [index, kill] of kills.entries()) {
    // The last one strikes where what was taken back is taken away.
    if (isChanged && index > 0 && index === kills.length - 1) {
      await project.declare(last);
      isDone = false;
    }
    const ran = isDone ? undefined : await stage.authn({ args, kill });
    const at = kill.at === "boundary" ? kill.moment : kill.at;
    stage.note({ operation, at, targets: kill.targets }, ran?.struck === true);
    if (ran === undefined) continue;
    // What it had begun to force, it has to finish without being told again.
    args = plain;
    if (ran.struck) seen.push(await tenant.contents());
    else if (ran.code === 0) isDone = true;
    else stage.found([{ kind: "failed run", what: `${operation}, before its kill struck: ${lastWords(ran.said)}` }]);
  }
  if (isLeftOff) return end;
  if (isChanged) await project.declare(last);
  const isAtItsEnd = (isDone && (!isChanged || kills.length > 1)) || (await stage.toItsEnd(args, operation));
  const declared = resourcesOf(last);
  const looked = await stage.look();
  if (looked === undefined) return end;
  const { saved, standing } = looked;
  const middle = resourcesOf(begun);
  const leaving = new Set([
    ...leavingOf({ before: end.declared, after: middle, forced, saved: end.saved }),
    ...leavingOf({ before: end.declared, after: declared, forced, saved: end.saved }),
  ]);
  const found = [
    ...compare({ declared, saved, standing }),
    // What was made for a declaration that was taken back has to go, as everything has in a destroy.
    ...lostBetween({
      before: end.standing,
      seen: isChanged || operation === "destroy" ? [] : seen,
      after: standing,
      leaving,
      saved,
    }),
  ];
  const told = isAtItsEnd ? found : found.filter(({ kind }) => kind !== "missing");
  stage.found(told.map(({ kind, what }) => ({ kind, what: `after ${operation}: ${what}` })));
  return { declared, saved, standing };
}

const WORDS = 1_500;
/** What failed, as it was said to a person. @param {string} said */
export function lastWords(said) {
  const lines = said.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("{"));
  const failed = lines.findIndex((line) => line.startsWith("✗"));
  return (failed < 0 ? lines.slice(-10) : lines.slice(failed)).join(" | ").slice(0, WORDS);
}

/** Whoever outlives its engine ends by itself. @param {readonly number[]} pids */
async function untilGone(pids) {
  const begunMs = performance.now();
  while (pids.some(isAlive)) {
    if (performance.now() - begunMs > HOST_PATIENCE_MS) return false;
    await wait(50);
  }
  return true;
}
