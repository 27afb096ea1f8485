/** The aims that the figures of the runs are held against. Pure. */
import { figuresOf, operations } from "../figures.mjs";
import { PAGE_SIZE } from "../resources/hanko-credential.mjs";
import { cpuSeconds, minus, ratio, sum, times } from "./arithmetic.mjs";
import { atLargeOf } from "./scale.mjs";

/** @typedef {import("../figures.mjs").Run} Run */
/** @typedef {import("../figures.mjs").Figures} Figures */
/** @typedef {import("./aim.mjs").Aim} Aim */

/** Above the bare resources' cost by no more than this factor. */
const MOST_OVER_BARE = 1.3;
/** Of one resource. */
export const MOST_OWN_CPU_MS = { KeylessUser: 3, HankoCredential: 2 };
const FLAT = { small: 100, large: 1_000 };

/** @param {Run} run @returns {Aim[]} */
export function aimsOf(run) {
  const authn = (/** @type {import("../figures.mjs").OperationName} */ operation) => figuresOf(run, "authn", operation);
  const bare = (/** @type {import("../figures.mjs").OperationName} */ operation) => figuresOf(run, "bare", operation);
  const [noop, create] = [authn("noop"), authn("create")];
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
      aim: "create, wall: against bare and plain requests together",
      measured: ratio(create?.wallSeconds, sum([bareCreate?.wallSeconds, plainCreate?.wallSeconds])),
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
    ...ofResource[run.resource](run),
    ...atLargeOf(run),
  ];
}

/** What is asked of one resource and not of another. @type {Readonly<Record<import("../figures.mjs").ResourceName, (run: Run) => Aim[]>>} */
const ofResource = {
  KeyriPublicKey: (run) => [requestsAim(run, "refresh", "", 1)],
  KeylessUser: (run) => [
    requestsAim(run, "refresh", "", 2),
    requestsAim(run, "refreshWithoutDevices", ", keyless:readDevices=false", 1),
    ownCpuAim(run, MOST_OWN_CPU_MS.KeylessUser),
  ],
  HankoCredential: (run) => [
    {
      aim: `refresh: requests, against pages of ${PAGE_SIZE} and the reads under way at once`,
      measured: figuresOf(run, "authn", "refresh")?.requests,
      most: Math.ceil(run.users / PAGE_SIZE) + run.parallel,
      unit: "",
    },
    ownCpuAim(run, MOST_OWN_CPU_MS.HankoCredential),
  ],
  BaikalClientKeys: (run) => [
    { aim: "no-op: requests", measured: figuresOf(run, "authn", "noop")?.requests, most: 0, unit: "" },
    requestsAim(run, "refresh", "", 1),
  ],
};

/** @param {Run} run @param {"refresh" | "refreshWithoutDevices"} operation @param {string} words @param {number} most @returns {Aim} */
function requestsAim(run, operation, words, most) {
  const requests = figuresOf(run, "authn", operation)?.requests;
  return { aim: `refresh${words}: requests a resource`, measured: ratio(requests, run.users), most, unit: "" };
}

/** @param {Run} run @param {number} most @returns {Aim} */
function ownCpuAim(run, most) {
  return {
    aim: "create, CPU of program and provider a resource: bare and plain requests taken off",
    measured: ownCpuMs(run),
    most,
    unit: " ms",
  };
}

/** What this package's own code costs: no engine, and neither what any resource costs nor what the requests do. @param {Run} run */
function ownCpuMs(run) {
  const create = (/** @type {import("../figures.mjs").RowName} */ name) => figuresOf(run, name, "create");
  const beyondBare = minus(hostedCpuSeconds(create("authn")), hostedCpuSeconds(create("bare")));
  return ratio(times(minus(beyondBare, create("plain")?.programCpuSeconds), 1_000), run.users);
}

/**
 * How the provider's memory grows from 100 people to 1,000, beside what the stock host does by itself.
 * @param {readonly Run[]} runs of one resource
 * @returns {{ operation: import("../figures.mjs").OperationName, authn: number | undefined, bare: number | undefined }[]} factors; empty where either run is missing
 */
export function memoryGrowth(runs) {
  const [small, large] = [FLAT.small, FLAT.large].map((users) => runs.find((run) => run.users === users));
  if (small === undefined || large === undefined) return [];
  /** @param {"authn" | "bare"} name @param {import("../figures.mjs").OperationName} operation */
  const growth = (name, operation) =>
    ratio(figuresOf(large, name, operation)?.providerPeakBytes, figuresOf(small, name, operation)?.providerPeakBytes);
  return operations
    .map((operation) => ({ operation, authn: growth("authn", operation), bare: growth("bare", operation) }))
    .filter(({ authn, bare }) => authn !== undefined || bare !== undefined);
}

/** The same without the engine. @param {Figures | undefined} figures */
function hostedCpuSeconds(figures) {
  return sum([figures?.programCpuSeconds, figures?.providerCpuSeconds]);
}
