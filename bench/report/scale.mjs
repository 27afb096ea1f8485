/** What many resources cost: the ledger, the provider's memory, one of 10,000 against one of 1,000, and a provider written by hand. Pure. */
import { figuresOf, operations } from "../figures.mjs";
import { resources } from "../resources/index.mjs";
import { cpuSeconds, minus, ratio, times } from "./arithmetic.mjs";

/** @typedef {import("../figures.mjs").Run} Run */
/** @typedef {import("../figures.mjs").RowName} RowName */
/** @typedef {import("../figures.mjs").OperationName} OperationName */
/** @typedef {import("./aim.mjs").Aim} Aim */
/** @typedef {{ operation: OperationName, wall: number | undefined, cpu: number | undefined, bareWall: number | undefined, bareCpu: number | undefined }} Growth factors */

const MOST_OF_LEDGER_PERCENT = 10;
const MOST_PROVIDER_MEGABYTES = 400;
/** Of one resource among many, against one among a thousand. */
const MOST_GROWTH = 1.2;
const FEW = 1_000;
const MANY = 10_000;

/** @param {Run} run @returns {Aim[]} those of one run; none where the state is written at each step */
export function atLargeOf(run) {
  if (!run.skipCheckpoints) return [];
  return [...ledgerAims(run), ...memoryAims(run), ...byHandAims(run)];
}

/** @param {Run} run @returns {Aim[]} */
function ledgerAims(run) {
  const [withIt, without] = [figuresOf(run, "authn", "create"), figuresOf(run, "withoutLedger", "create")];
  /** @param {string} what @param {number | undefined} all @param {number | undefined} rest @returns {Aim} */
  const share = (what, all, rest) => ({
    aim: `create, ${what}: the ledger's share`,
    measured: times(ratio(minus(all, rest), all), 100),
    most: MOST_OF_LEDGER_PERCENT,
    unit: " %",
  });
  return [
    share("wall", withIt?.wallSeconds, without?.wallSeconds),
    share("CPU of all processes", cpuSeconds(withIt), cpuSeconds(without)),
  ];
}

/** @param {Run} run @returns {Aim[]} */
function memoryAims(run) {
  if (run.users < MANY) return [];
  const peaks = operations.flatMap((operation) => figuresOf(run, "authn", operation)?.providerPeakBytes ?? []);
  return [
    {
      aim: "provider's peak memory, whatever is done",
      measured: peaks.length === 0 ? undefined : Math.max(...peaks) / 1e6,
      most: MOST_PROVIDER_MEGABYTES,
      unit: " MB",
    },
  ];
}

/** @param {Run} run @returns {Aim[]} */
function byHandAims(run) {
  if (resources[run.resource].programs.hand === undefined) return [];
  /** @type {readonly (readonly [RowName, OperationName, string])[]} */
  const compared = [
    ["hand", "create", "create, wall: times as fast as written by hand, without checkpoints too"],
    ["hand", "noop", "no-op, wall: times as fast as written by hand"],
    [
      "handCheckpoints",
      "create",
      "create, wall: times as fast as written by hand with the engine's default checkpoints",
    ],
  ];
  return compared.map(([name, operation, aim]) => ({
    aim,
    measured: ratio(wallOf(run, name, operation), wallOf(run, "authn", operation)),
    least: 1,
    unit: "x",
  }));
}

/**
 * What one resource costs in the largest run against one in a run of 1,000, both without checkpoints.
 * @param {readonly Run[]} runs of one resource
 * @returns {{ users: number, growth: readonly Growth[] } | undefined} undefined where either run is missing
 */
export function costGrowth(runs) {
  const fast = runs.filter(({ skipCheckpoints }) => skipCheckpoints);
  const few = fast.find(({ users }) => users === FEW);
  const many = fast.filter(({ users }) => users > FEW).sort((one, other) => other.users - one.users)[0];
  if (few === undefined || many === undefined) return undefined;
  /** @param {(run: Run) => number | undefined} seconds */
  const factor = (seconds) => ratio(ratio(seconds(many), many.users), ratio(seconds(few), few.users));
  const growth = operations.flatMap((operation) => {
    if (figuresOf(many, "authn", operation) === undefined && figuresOf(many, "bare", operation) === undefined)
      return [];
    return [
      {
        operation,
        wall: factor((run) => wallOf(run, "authn", operation)),
        cpu: factor((run) => cpuSeconds(figuresOf(run, "authn", operation))),
        bareWall: factor((run) => wallOf(run, "bare", operation)),
        bareCpu: factor((run) => cpuSeconds(figuresOf(run, "bare", operation))),
      },
    ];
  });
  return { users: many.users, growth };
}

/** @param {Growth} growth @param {number} users @returns {Aim} */
export function growthAim({ operation, wall }, users) {
  return {
    aim: `${operation}, wall: one of ${users} against one of ${FEW}`,
    measured: wall,
    most: MOST_GROWTH,
    unit: "x",
  };
}

/** @param {Run} run @param {RowName} name @param {OperationName} operation */
const wallOf = (run, name, operation) => figuresOf(run, name, operation)?.wallSeconds;
