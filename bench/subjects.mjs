/** Who is run on the engine side by side: a resource's programs, each as it is, and some of them once more in another way. */
import { operations } from "./figures.mjs";

/** @typedef {import("./figures.mjs").OperationName} OperationName */
/** @typedef {import("./resources/index.mjs").Resource} Resource */
/** @typedef {(typeof subjectNames)[number]} SubjectName */
/**
 * @typedef {object} Subject
 * @property {import("./resources/index.mjs").ProgramName} program
 * @property {Readonly<Record<string, string>>} [settings] of the stack, beside those that reach the services
 * @property {readonly OperationName[]} [measured] absent: all that the resource has; what was made is destroyed in any case
 * @property {boolean} [checkpoints] as the engine does by default, whatever the run says; run once, however many rounds
 */

export const subjectNames = /** @type {const} */ (["handCheckpoints", "bare", "authn", "withoutLedger", "hand"]);

/** @type {Readonly<Record<SubjectName, Subject>>} */
export const subjects = {
  authn: { program: "authn" },
  /** What the ledger costs is what is missing here: it would have to be on. */
  withoutLedger: { program: "authn", settings: { "authn:ledger": "off" }, measured: ["create"] },
  bare: { program: "bare" },
  hand: { program: "hand" },
  /** The state written at each step is quadratic, so that no more is waited for than a first `up` and the one after it. */
  handCheckpoints: { program: "hand", measured: ["create", "noop"], checkpoints: true },
};

/** The operations that a subject goes through, one after the other. @param {Resource} resource @param {SubjectName} name @returns {OperationName[]} */
export function operationsOf({ variants, dueAfterMs }, name) {
  const { program, measured } = subjects[name];
  return operations.filter((operation) => {
    if (operation === "destroy") return true;
    if (measured !== undefined) return measured.includes(operation);
    if (operation === "dueStep") return dueAfterMs !== undefined;
    const isVariant = operation === "refreshWithoutDevices";
    return !isVariant || (program === "authn" && variants[operation] !== undefined);
  });
}

/** Whether it is run in this round, the first being 1. @param {SubjectName} name @param {number} round */
export function isOfRound(name, round) {
  // Minutes of one run, and a ratio far from 1: medians would tell no more.
  return round === 1 || subjects[name].checkpoints !== true;
}

/** Whether the operation is a figure, and no mere tidying up. @param {SubjectName} name @param {OperationName} operation */
export function isMeasured(name, operation) {
  return subjects[name].measured?.includes(operation) ?? true;
}

/**
 * Undefined where the subject has nothing to do in such a run; otherwise up to how many people it is run.
 * @param {Resource} resource @param {SubjectName} name @param {{ skipCheckpoints: boolean, mostByHand: number }} run
 * @returns {number | undefined}
 */
export function mostOf(resource, name, { skipCheckpoints, mostByHand }) {
  const { program, settings, checkpoints = false } = subjects[name];
  const most = resource.programs[program]?.mostUsers;
  if (most === undefined) return undefined;
  // Where the state is written at each step, that is what is measured: the ledger is lost in it, and by hand is one thing only.
  if (!skipCheckpoints && (checkpoints || settings !== undefined)) return undefined;
  return checkpoints ? Math.min(most, mostByHand) : most;
}
