// The command line of a campaign.
import { Command, InvalidArgumentError, Option } from "commander";
import { scenarioNames } from "./scenarios/index.mjs";

/**
 * @typedef {object} Options
 * @property {number} resources of each round and scenario
 * @property {number} kills how many have to strike, at the least
 * @property {string} seed
 * @property {string | undefined} round the seed of one round, to be played alone
 * @property {string | undefined} only one scenario, or "kills"
 * @property {boolean} ledger
 * @property {boolean} keep
 */

/** @param {readonly string[]} args @returns {Options} */
export function readOptions(args) {
  const command = new Command("npm run chaos --")
    .description(
      "Kills the engine, the program and the provider host of `authn` in the midst of everything, and looks what is left.",
    )
    .option("--resources <count>", "resources of each round, of all types", positive, 200)
    .option("--kills <count>", "rounds go on until so many kills have struck; 0: none", count, 200)
    .option("--seed <text>", "what all chances come from (default: another one each time)")
    .option("--round <seed>", "play this one round only, as a failing one is printed")
    .addOption(new Option("--only <scenario>", "this one only").choices(["kills", ...scenarioNames]))
    .option("--without-ledger", "the counter-proof: what is left where nothing remembers")
    .option("--keep", "leave the projects in which something was found")
    .parse([...args], { from: "user" });
  const { resources, kills, seed, round, only, withoutLedger = false, keep = false } = command.opts();
  return { resources, kills, seed: seed ?? Date.now().toString(36), round, only, ledger: !withoutLedger, keep };
}

function positive(text) {
  const value = count(text);
  if (value === 0) throw new InvalidArgumentError("It must be a whole number from 1.");
  return value;
}

function count(text) {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError("It must be a whole number.");
  return Number(text);
}
