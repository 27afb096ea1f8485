/** The command line: which resources, how many people, how the engine runs, how often, and what is measured besides. */
import { availableParallelism } from "node:os";
import { Command, InvalidArgumentError, Option } from "commander";
import { resourceNames, resources } from "./resources/index.mjs";

/** @typedef {import("./resources/index.mjs").ResourceName} ResourceName */
/**
 * @typedef {object} Options
 * @property {readonly ResourceName[]} resources one after the other
 * @property {readonly number[]} users one run each, in this order
 * @property {number | undefined} rings how many, whatever users says; undefined: no run of them
 * @property {number} repeat rounds of each run; the figures are medians
 * @property {number} parallel operations the engine does at a time, and requests the plain script has under way
 * @property {boolean | undefined} skipCheckpoints undefined: where there are many people
 * @property {boolean} wait whether a person's wait is measured too
 * @property {number | undefined} agent people who are made through a busy agent; undefined: not measured
 * @property {number | undefined} images people with small pictures and with large ones; undefined: not measured
 * @property {number | undefined} registrations passkeys made in one process without a service; undefined: not measured
 * @property {number | undefined} besideRings keys made beside as many rings; undefined: not measured
 */

const DEFAULT_USERS = [20, 100];
const DEFAULT_RINGS = 200;
const DEFAULT_AGENT_USERS = 100;
const DEFAULT_IMAGES_USERS = 20;
const DEFAULT_REGISTRATIONS = 1_000;
/** With the default checkpoints a file backend writes the whole state twice a change, which is quadratic: from here on it isn't waited for. */
const MANY = 500;

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
    .option("--rings <count>", "BaikalClientKeys: rings, whatever --users says", positive, DEFAULT_RINGS)
    .option("--no-rings", "leave that out")
    .option("--repeat <rounds>", "rounds of each run; the figures are medians", positive, 1)
    .option(
      "--parallel <count>",
      "operations at a time (default: the engine's own)",
      positive,
      4 * availableParallelism(),
    )
    .option("--skip-checkpoints", `write the state once, at the end (default: from ${MANY} people on)`)
    .option("--no-skip-checkpoints", "write the state at each step, however many people there are")
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
  const { resource, users = DEFAULT_USERS, repeat, parallel, skipCheckpoints, wait } = command.opts();
  const { agent, images, registrations, rings, besideRings } = command.opts();
  /** @type {readonly ResourceName[]} */
  const chosen = resource === undefined ? resourceNames : [resource];
  /** @param {ResourceName} name @param {number | false} count */
  const of = (name, count) => (count === false || !chosen.includes(name) ? undefined : count);
  return {
    resources: chosen,
    users: users === false ? [] : [...new Set(/** @type {number[]} */ (users))],
    rings: of("BaikalClientKeys", rings),
    repeat,
    parallel,
    skipCheckpoints,
    wait,
    agent: of("KeylessUser", agent),
    images: of("KeylessUser", images),
    registrations: of("HankoCredential", registrations),
    besideRings: of("BaikalClientKeys", besideRings),
  };
}

/** The runs, in their order. @param {Options} options @returns {{ resource: ResourceName, users: number }[]} */
export function runsOf({ resources: names, users, rings }) {
  return names.flatMap((resource) => {
    const ofRings = rings === undefined ? [] : [rings];
    const counts = resources[resource].counted === "rings" ? ofRings : users;
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
