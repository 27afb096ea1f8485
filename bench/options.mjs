/** The command line: which resources, how many people, how the engine runs, how often, and what is measured besides. */
import { availableParallelism } from "node:os";
import { Command, InvalidArgumentError, Option } from "commander";
import { resourceNames, resources } from "./resources/index.mjs";

/** @typedef {import("./resources/index.mjs").ResourceName} ResourceName */
/**
 * @typedef {object} Options
 * @property {readonly ResourceName[]} resources one after the other
 * @property {readonly number[]} users one run each, in this order
 * @property {readonly number[]} keys as many of the cheapest resource, one run each besides
 * @property {number | undefined} rings how many, whatever users says; undefined: no run of them
 * @property {number} repeat rounds of each run; the figures are medians
 * @property {number} parallel operations the engine does at a time, and requests the plain script has under way
 * @property {boolean | undefined} skipCheckpoints undefined: where there are many people
 * @property {number} mostByHand up to how many the provider written by hand is run on the engine's default too
 * @property {boolean} whole whether the results are the ones to be kept, in RESULTS.md and in the README
 * @property {boolean} wait whether a person's wait is measured too
 * @property {number | undefined} agent people who are made through a busy agent; undefined: not measured
 * @property {number | undefined} images people with small pictures and with large ones; undefined: not measured
 * @property {number | undefined} registrations passkeys made in one process without a service; undefined: not measured
 * @property {number | undefined} besideRings keys made beside as many rings; undefined: not measured
 */

const DEFAULT_USERS = [20, 100];
/** What README and RESULTS.md show. */
const WHOLE = { users: [1_000], keys: [10_000], rounds: 3 };
const CHEAPEST = "KeyriPublicKey";
const DEFAULT_RINGS = 200;
const DEFAULT_AGENT_USERS = 100;
const DEFAULT_IMAGES_USERS = 20;
const DEFAULT_REGISTRATIONS = 1_000;
/** With the default checkpoints a file backend writes the whole state twice a change, which is quadratic: from here on it isn't waited for. */
const MANY = 500;
/** One that writes the whole state at each step needs nine minutes for them, and four times as long for twice as many. */
const MOST_BY_HAND = 1_000;

/** @param {readonly string[]} args @returns {Options} */
export function readOptions(args) {
  const command = new Command("npm run bench --")
    .description(
      "Measures pulumi-authn on the real engine, beside plain requests, bare resources and a provider written by hand.",
    )
    .addOption(
      new Option("--resource <name>", "the one resource to measure (default: each after the other)").choices(
        resourceNames,
      ),
    )
    .addOption(
      new Option(
        "--users <count>",
        `people; give it several times for several runs (default: ${DEFAULT_USERS.join(", ")})`,
      ).argParser((text, /** @type {number[]} */ before = []) => [...before, positive(text)]),
    )
    .option("--no-users", "no runs of people")
    .addOption(
      new Option(
        "--keys <count>",
        `${CHEAPEST} alone, the cheapest: one more run of as many; may be given several times`,
      ).argParser((text, /** @type {number[]} */ before = []) => [...before, positive(text)]),
    )
    .option(
      "--whole",
      `all of it, without checkpoints: ${WHOLE.users.join()} of each, ${WHOLE.keys.join()} of ${CHEAPEST}, and what is measured besides; writes bench/RESULTS.md and the README's table`,
      false,
    )
    .option("--rings <count>", "BaikalClientKeys: rings, whatever --users says", positive, DEFAULT_RINGS)
    .option("--no-rings", "leave that out")
    .option(
      "--repeat <rounds>",
      `rounds of each run; the figures are medians (default: 1, with --whole ${WHOLE.rounds})`,
      positive,
    )
    .option(
      "--parallel <count>",
      "operations at a time (default: the engine's own)",
      positive,
      4 * availableParallelism(),
    )
    .option("--skip-checkpoints", `write the state once, at the end (default: from ${MANY} people on)`)
    .option("--no-skip-checkpoints", "write the state at each step, however many people there are")
    .option(
      "--hand-checkpoints <count>",
      "up to how many the provider written by hand is run with the engine's default checkpoints too",
      positive,
      MOST_BY_HAND,
    )
    .option("--no-hand-checkpoints", "leave that out")
    .option("--no-wait", "leave out the wait of a person at `authn up`")
    .option(
      "--agent <count>",
      "KeylessUser: people made through an agent that takes its time",
      positive,
      DEFAULT_AGENT_USERS,
    )
    .option("--no-agent", "leave that out")
    .option(
      "--images <count>",
      "KeylessUser: people with small and with large pictures",
      positive,
      DEFAULT_IMAGES_USERS,
    )
    .option("--no-images", "leave that out")
    .option(
      "--registrations <count>",
      "HankoCredential: passkeys made in one process without a service",
      positive,
      DEFAULT_REGISTRATIONS,
    )
    .option("--no-registrations", "leave that out")
    .option(
      "--beside-rings <count>",
      "BaikalClientKeys: keys of KeyriPublicKey made beside as many rings, of RSA keys and of others",
      positive,
      DEFAULT_RINGS,
    )
    .option("--no-beside-rings", "leave that out")
    .parse(args, { from: "user" });
  const { whole, resource, parallel, wait, handCheckpoints } = command.opts();
  const { repeat = whole ? WHOLE.rounds : 1 } = command.opts();
  const { users = whole ? WHOLE.users : DEFAULT_USERS, keys = whole ? WHOLE.keys : [] } = command.opts();
  const { skipCheckpoints = whole ? true : undefined } = command.opts();
  const { agent, images, registrations, rings, besideRings } = command.opts();
  /** @type {readonly ResourceName[]} */
  const chosen = resource === undefined ? resourceNames : [resource];
  /** @param {ResourceName} name @param {number | false} count */
  const of = (name, count) => (count === false || !chosen.includes(name) ? undefined : count);
  return {
    resources: chosen,
    users: users === false ? [] : [...new Set(/** @type {number[]} */ (users))],
    keys: chosen.includes(CHEAPEST) ? [...new Set(/** @type {number[]} */ (keys))] : [],
    rings: of("BaikalClientKeys", rings),
    repeat,
    parallel,
    skipCheckpoints,
    mostByHand: handCheckpoints === false ? 0 : handCheckpoints,
    whole,
    wait,
    agent: of("KeylessUser", agent),
    images: of("KeylessUser", images),
    registrations: of("HankoCredential", registrations),
    besideRings: of("BaikalClientKeys", besideRings),
  };
}

/** The runs, in their order. @param {Options} options @returns {{ resource: ResourceName, users: number }[]} */
export function runsOf({ resources: names, users, keys, rings }) {
  return names.flatMap((resource) => {
    const ofRings = rings === undefined ? [] : [rings];
    const ofPeople = resource === CHEAPEST ? [...new Set([...users, ...keys])] : users;
    const counts = resources[resource].counted === "rings" ? ofRings : ofPeople;
    return counts.map((count) => ({ resource, users: count }));
  });
}

/** @param {Options} options @param {number} users */
export function skipsCheckpoints({ skipCheckpoints }, users) {
  return skipCheckpoints ?? users >= MANY;
}

/** @param {string} text */
function positive(text) {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError("It must be a whole number from 1 to 999999.");
  return Number(text);
}
