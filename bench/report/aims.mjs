/** The aims that the figures are held against: each a measured number, and the most or the least it should be. Pure. */
import { figuresOf, operations } from "../figures.mjs";
import { PAGE_SIZE } from "../resources/hanko-credential.mjs";

/** @typedef {import("../figures.mjs").Run} Run */
/** @typedef {import("../figures.mjs").Figures} Figures */
/** @typedef {{ most: number } | { least: number }} Bound */
/** @typedef {{ aim: string, measured: number | undefined, unit: string } & Bound} Aim */

/** Above the bare resources' cost by no more than this factor. */
const MOST_OVER_BARE = 1.3;
const MOST_WAIT_SECONDS = 3;
/** Of one resource. */
const MOST_OWN_CPU_MS = { KeylessUser: 3, HankoCredential: 2 };
const LEAST_OF_AGENT_PERCENT = 95;
/** How far the peak may move by chance, when large pictures take the place of small ones. */
const MOST_OVER_SMALL_IMAGES = 1.3;
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

/** The whole `up`, the engine's start and end included, against what the agent could have done in that time. @param {import("../agent.mjs").AgentRun} run @returns {Aim} */
export function agentAim({ users, latencyMs, concurrency, figures }) {
  const idealSeconds = (users * latencyMs) / 1_000 / concurrency;
  return {
    aim: "create: users a second, of the rate that the agent allows",
    measured: times(ratio(idealSeconds, figures?.wallSeconds), 100),
    least: LEAST_OF_AGENT_PERCENT,
    unit: " %",
  };
}

/** @param {import("../registrations.mjs").RegistrationsRun} run @returns {Aim} */
export function registrationsAim({ each }) {
  return {
    aim: "ES256 registration: our CPU",
    measured: times(each?.cpuSeconds, 1_000),
    most: MOST_OWN_CPU_MS.HankoCredential,
    unit: " ms",
  };
}

/** @param {import("../images.mjs").ImagesRun} run @returns {Aim} */
export function imagesAim({ small, large }) {
  return {
    aim: "create, provider's peak memory: large pictures against small ones",
    measured: ratio(large.figures?.providerPeakBytes, small.figures?.providerPeakBytes),
    most: MOST_OVER_SMALL_IMAGES,
    unit: "x",
  };
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

/** @param {import("../waits.mjs").Wait} wait @returns {Aim} */
export function waitAim({ tenant, medianSeconds }) {
  return { aim: `no-op \`authn up\`, tenant ${tenant}`, measured: medianSeconds, most: MOST_WAIT_SECONDS, unit: "s" };
}

/** @param {Aim} aim @returns {"met" | "missed" | "n/a"} */
export function verdict({ measured, ...bound }) {
  if (measured === undefined) return "n/a";
  const isMet = "most" in bound ? measured <= bound.most : measured >= bound.least;
  return isMet ? "met" : "missed";
}

/** What a busy machine falsifies least. @param {Figures | undefined} figures */
function cpuSeconds(figures) {
  return sum([figures?.programCpuSeconds, figures?.engineCpuSeconds, figures?.providerCpuSeconds]);
}

/** The same without the engine. @param {Figures | undefined} figures */
function hostedCpuSeconds(figures) {
  return sum([figures?.programCpuSeconds, figures?.providerCpuSeconds]);
}

/** @param {readonly (number | undefined)[]} parts @returns {number | undefined} unknown as soon as one of them is */
function sum(parts) {
  return parts.reduce((total, part) => (total === undefined || part === undefined ? undefined : total + part), 0);
}

/** @param {number | undefined} number @param {number} by */
function times(number, by) {
  return number === undefined ? undefined : number * by;
}

/** @param {number | undefined} number @param {number | undefined} by */
function ratio(number, by) {
  return number === undefined || by === undefined || by === 0 ? undefined : number / by;
}

/** @param {number | undefined} number @param {number | undefined} less */
function minus(number, less) {
  return number === undefined || less === undefined ? undefined : number - less;
}
