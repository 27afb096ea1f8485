// What a campaign does, from its seed: rounds, each with a seed of its own that yields the very same round; in each, operations one after
// the other, and in each of those who is killed when. Pure.
import { randomFrom } from "./random.mjs";

/** @typedef {import("./changes.mjs").Operation} Operation */
/** @typedef {import("./moments.mjs").MomentName} MomentName */
/** @typedef {import("./trigger.mjs").Target} Target */
/**
 * @typedef {{ at: "boundary", in: "host" | "program", moment: MomentName, nth: number, targets: readonly Target[] }
 *   | { at: "start" | "time" | "saved", afterMs: number, targets: readonly Target[] }} Kill `afterMs`: since the command began, the host came up, the state's file changed
 */
/** @typedef {"passkey" | "authentication"} HankoApi which generation of it the stack uses */
/** @typedef {{ operation: Operation, kills: readonly Kill[], isLeftOff?: boolean }} Act `isLeftOff`: what is begun never comes to its end */
/** @typedef {{ seed: string, resources: number, checkpoints: boolean, hankoApi: HankoApi, acts: readonly Act[] }} Round */

/** Which processes: all at once is what a lost machine does. @type {Readonly<Record<string, number>>} */
const TARGETS = {
  "engine program host": 10,
  engine: 4,
  program: 4,
  host: 5,
  "engine program": 2,
  "engine host": 2,
  "program host": 2,
};
const KINDS = { boundary: 14, start: 1, time: 5, saved: 2 };
/** @type {Readonly<Record<MomentName, number>>} */
const MOMENTS = {
  "before the request": 3,
  "request sent": 4,
  "answer begun": 2,
  "answer read": 3,
  "before the ledger's write": 3,
  "after the ledger's write": 3,
  "ledger synced": 2,
};
const MS_A_REQUEST = 8;
/** Of what was begun and taken back, one in so many has come far enough to be swept. */
const SWEPT_OF = 8;
/** @type {ReadonlySet<Operation>} */
const SWEPT = new Set(["abandon", "reconsider"]);
const START_MS = 4_000;

/** Of ten resources, how many requests that change something and how many records of the ledger an operation makes, at the least. */
const STEPS = {
  create: { requests: 25, records: 30 },
  update: { requests: 5, records: 10 },
  replace: { requests: 12, records: 20 },
  swap: { requests: 12, records: 20 },
  force: { requests: 5, records: 8 },
  rotate: { requests: 1, records: 2 },
  abandon: { requests: 12, records: 20 },
  reconsider: { requests: 12, records: 20 },
  destroy: { requests: 9, records: 9 },
};
const BETWEEN = /** @type {const} */ (["update", "replace", "swap", "force", "rotate", "abandon", "reconsider"]);
const MOST_BETWEEN = 3;
const SHARES = { checkpoints: 0.3, givenUp: 0.15, authentication: 0.3 };

/** @param {string} seed @param {number} resources @param {boolean} hasLedger its moments are never reached without one @returns {Round} */
export function roundOf(seed, resources, hasLedger) {
  const random = randomFrom(`${seed}:${resources}`);
  const checkpoints = random.fraction() < SHARES.checkpoints;
  const hankoApi = random.fraction() < SHARES.authentication ? "authentication" : "passkey";
  // Destroyed before it ever stood.
  const isGivenUp = random.fraction() < SHARES.givenUp;
  const between = isGivenUp ? [] : random.shuffled(BETWEEN).slice(0, MOST_BETWEEN);
  const acts = /** @type {const} */ (["create", ...between, "destroy"]).map((operation) => {
    const count = operation === "create" ? 2 + random.integer(4) : 1 + random.integer(4);
    const isLast = (/** @type {number} */ index) => index > 0 && index === count - 1;
    const kills = Array.from({ length: count }, (_, index) => {
      const isSwept = (isGivenUp && operation === "destroy") || (SWEPT.has(operation) && isLast(index));
      return killOf(random, operation, resources, { hasLedger, isSwept });
    });
    return { operation, kills, isLeftOff: isGivenUp && operation === "create" };
  });
  return { seed, resources, checkpoints, hankoApi, acts };
}

/**
 * @param {import("./random.mjs").SeededRandom} random @param {Operation} operation @param {number} resources
 * @param {{ hasLedger: boolean, isSwept: boolean }} what `isSwept`: there is something that the program itself is to take away
 * @returns {Kill}
 */
function killOf(random, operation, resources, { hasLedger, isSwept }) {
  const targets = /** @type {Target[]} */ (random.weighted(TARGETS).split(" "));
  const at = random.weighted(KINDS);
  const { requests, records } = STEPS[operation];
  if (at === "start") return { at, afterMs: random.integer(START_MS), targets };
  if (at === "time")
    return { at, afterMs: random.integer(MS_A_REQUEST * Math.ceil((requests * resources) / 10)), targets };
  if (at === "saved") return { at, afterMs: random.integer(2) * random.integer(300), targets };
  const known = Object.entries(MOMENTS).filter(([moment]) => hasLedger || !moment.includes("ledger"));
  const moment = random.weighted(/** @type {Record<MomentName, number>} */ (Object.fromEntries(known)));
  // As often early as late: what an earlier kill left may be little.
  const most = Math.max(2, ((moment.includes("ledger") ? records : requests) * resources) / 10);
  const nth = random.integer(2) === 0 ? 1 + random.integer(most) : Math.ceil(most ** random.fraction());
  if (!isSwept || random.integer(2) === 0) return { at, in: "host", moment, nth, targets };
  return { at, in: "program", moment, nth: Math.ceil(nth / SWEPT_OF), targets: ["program"] };
}

/**
 * Rounds until so many kills are planned; some come too late to strike, so the campaign asks for more.
 * @param {string} seed @param {number} index
 */
export function seedOfRound(seed, index) {
  return randomFrom(`${seed}/${index}`).seed();
}
