// A campaign from its options: the rounds of kills until enough have struck, then each of the other scenarios.

import { roundOf, seedOfRound } from "./plan.mjs";
import { randomFrom } from "./random.mjs";
import { roundLines } from "./report.mjs";
import { playRound } from "./round.mjs";
import { scenarioNames, scenarios } from "./scenarios/index.mjs";
import { openStage } from "./stage.mjs";

/** @typedef {import("./report.mjs").Told} Told */
/** @typedef {import("./stage.mjs").Setting} Setting */

/** A round whose kills all come too late strikes nobody; so many of them in a row mean that something is wrong with the campaign. */
const MOST_ROUNDS_A_KILL = 3;

/** @param {import("./options.mjs").Options} options @param {Setting} setting @returns {Promise<readonly Told[]>} */
export async function playCampaign(options, setting) {
  const told = [];
  const tell = (/** @type {Told} */ one) => {
    for (const line of roundLines(one)) setting.report(line);
    told.push(one);
  };
  if (options.round !== undefined) {
    tell(await playOne(options, setting, options.round, "round"));
    return told;
  }
  if (options.only === undefined || options.only === "kills") {
    let struck = 0;
    for (let index = 0; struck < options.kills && index < options.kills * MOST_ROUNDS_A_KILL; index += 1) {
      const one = await playOne(
        options,
        setting,
        seedOfRound(options.seed, index),
        `round ${index + 1}, ${struck} of ${options.kills} kills`,
      );
      struck += one.played.struck.length;
      tell(one);
    }
  }
  for (const name of scenarioNames) {
    if (options.only === undefined || options.only === name)
      tell(await playScenario(name, { resources: options.resources, seed: options.seed }, setting));
  }
  return told;
}

/** @returns {Promise<Told>} */
async function playOne({ resources, ledger }, setting, seed, title) {
  const begunMs = performance.now();
  const round = roundOf(seed, resources, ledger);
  const played = await playRound(round, setting);
  return {
    title: `${title}, seed ${seed}, Hanko ${round.hankoApi}${round.checkpoints ? ", checkpoints" : ""}`,
    replay: `npm run chaos -- --resources ${resources} --round ${seed}${flags(setting)}`,
    played,
    seconds: secondsSince(begunMs),
  };
}

/**
 * @param {string} name
 * @param {Pick<import("./scenarios/index.mjs").Play, "resources" | "seed" | "operations" | "times">} options
 * @param {Setting} setting
 * @returns {Promise<Told>}
 */
export async function playScenario(name, { seed, ...play }, setting) {
  const begunMs = performance.now();
  const stage = await openStage({ ...setting, resources: play.resources });
  try {
    await scenarios[name]?.({ ...play, stage, seed: randomFrom(`${seed}/${name}`).seed() });
  } finally {
    await stage.close();
  }
  return {
    title: name,
    replay: `npm run chaos -- --resources ${play.resources} --only ${name} --seed ${seed}${flags(setting)}`,
    played: stage.played(),
    seconds: secondsSince(begunMs),
  };
}

const flags = ({ withoutLedger }) => (withoutLedger ? " --without-ledger --keep" : " --keep");
const secondsSince = (begunMs) => (performance.now() - begunMs) / 1_000;
