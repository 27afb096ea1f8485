/** The aims that the figures are held against: each a measured number and the most it should be. Pure. */
import { figuresOf, operations } from "../figures.mjs";

/** @typedef {import("../figures.mjs").Run} Run */
/** @typedef {{ aim: string, measured: number | undefined, most: number, unit: string }} Aim */

/** Above the bare resources' cost by no more than this factor. */
const MOST_OVER_BARE = 1.3;
const MOST_WAIT_SECONDS = 3;
const FLAT = { small: 100, large: 1_000 };

/** @param {Run} run @returns {Aim[]} */
export function aimsOf(run) {
  const authn = (/** @type {import("../figures.mjs").OperationName} */ operation) => figuresOf(run, "authn", operation);
  const bare = (/** @type {import("../figures.mjs").OperationName} */ operation) => figuresOf(run, "bare", operation);
  const [noop, create, refresh] = [authn("noop"), authn("create"), authn("refresh")];
  const [bareNoop, bareCreate] = [bare("noop"), bare("create")];
  const plainCreate = figuresOf(run, "plain", "create");
  return [
    {
      aim: "no-op, wall: against bare",
      measured: ratio(noop?.wallSeconds, bareNoop?.wallSeconds),
      most: MOST_OVER_BARE,
      unit: "x",
    },
    {
      aim: "create, wall: plain requests taken off, against bare",
      measured: ratio(minus(create?.wallSeconds, plainCreate?.wallSeconds), bareCreate?.wallSeconds),
      most: MOST_OVER_BARE,
      unit: "x",
    },
    {
      aim: "no-op, CPU of all processes: against bare",
      measured: ratio(cpuSeconds(noop), cpuSeconds(bareNoop)),
      most: MOST_OVER_BARE,
      unit: "x",
    },
    {
      aim: "create, CPU of all processes: plain requests taken off, against bare",
      measured: ratio(minus(cpuSeconds(create), plainCreate?.programCpuSeconds), cpuSeconds(bareCreate)),
      most: MOST_OVER_BARE,
      unit: "x",
    },
    {
      aim: "state a resource: against bare",
      measured: ratio(create?.stateBytesPerResource, bareCreate?.stateBytesPerResource),
      most: MOST_OVER_BARE,
      unit: "x",
    },
    { aim: "no-op: writes", measured: noop?.writes, most: 0, unit: "" },
    { aim: "refresh: requests a resource", measured: ratio(refresh?.requests, run.users), most: 1, unit: "" },
  ];
}

/**
 * How the provider's memory grows from 100 people to 1,000, beside what the stock host does by itself.
 * @param {readonly Run[]} runs
 * @returns {{ operation: import("../figures.mjs").OperationName, authn: number | undefined, bare: number | undefined }[]} factors; empty where either run is missing
 */
export function memoryGrowth(runs) {
  const [small, large] = [FLAT.small, FLAT.large].map((users) => runs.find((run) => run.users === users));
  if (small === undefined || large === undefined) return [];
  /** @param {"authn" | "bare"} name @param {import("../figures.mjs").OperationName} operation */
  const growth = (name, operation) =>
    ratio(figuresOf(large, name, operation)?.providerPeakBytes, figuresOf(small, name, operation)?.providerPeakBytes);
  return operations.map((operation) => ({
    operation,
    authn: growth("authn", operation),
    bare: growth("bare", operation),
  }));
}

/** @param {import("../waits.mjs").Wait} wait @returns {Aim} */
export function waitAim({ tenant, medianSeconds }) {
  return { aim: `no-op \`authn up\`, tenant ${tenant}`, measured: medianSeconds, most: MOST_WAIT_SECONDS, unit: "s" };
}

/** @param {Aim} aim @returns {"met" | "missed" | "n/a"} */
export function verdict({ measured, most }) {
  if (measured === undefined) return "n/a";
  return measured <= most ? "met" : "missed";
}

/** What a busy machine falsifies least. @param {import("../figures.mjs").Figures | undefined} figures */
function cpuSeconds(figures) {
  const parts = [figures?.programCpuSeconds, figures?.engineCpuSeconds, figures?.providerCpuSeconds];
  return parts.reduce((sum, part) => (sum === undefined || part === undefined ? undefined : sum + part), 0);
}

/** @param {number | undefined} number @param {number | undefined} by */
function ratio(number, by) {
  return number === undefined || by === undefined || by === 0 ? undefined : number / by;
}

/** @param {number | undefined} number @param {number | undefined} less */
function minus(number, less) {
  return number === undefined || less === undefined ? undefined : number - less;
}
