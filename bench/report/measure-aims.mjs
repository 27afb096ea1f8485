/** The aims of what is measured beside the runs. Pure. */
import { MOST_OWN_CPU_MS } from "./aims.mjs";
import { ratio, times } from "./arithmetic.mjs";

/** @typedef {import("./aim.mjs").Aim} Aim */

const MOST_WAIT_SECONDS = 3;
const LEAST_OF_AGENT_PERCENT = 95;
/** How far the peak may move by chance, when large pictures take the place of small ones. */
const MOST_OVER_SMALL_IMAGES = 1.3;
/** Beside the same rings of ES256 keys. */
const MOST_OVER_ES256 = 1.3;
/** Of what one sees where everything waits for RSA keys. */
const MOST_OF_BLOCKING = 0.5;

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

/** @param {import("../beside-rings.mjs").BesideRun} run @returns {Aim[]} */
export function besideRingsAims({ rows }) {
  const beside = (/** @type {import("../beside-rings.mjs").Beside} */ name) => rows.find((row) => row.beside === name);
  const [rsa, es256, blocking] = [beside("RS256"), beside("ES256"), beside("blocking")];
  return [
    {
      aim: "pauses of the event loop (99 of 100): beside RS256 against ES256",
      measured: ratio(rsa?.pauseP99Ms, es256?.pauseP99Ms),
      most: MOST_OVER_ES256,
      unit: "x",
    },
    {
      aim: "a key, median: beside RS256 against ES256",
      measured: ratio(rsa?.keyMedianMs, es256?.keyMedianMs),
      most: MOST_OVER_ES256,
      unit: "x",
    },
    {
      aim: "longest pause: beside RS256 against RSA keys made in the way",
      measured: ratio(rsa?.pauseMaxMs, blocking?.pauseMaxMs),
      most: MOST_OF_BLOCKING,
      unit: "x",
    },
  ];
}

/** @param {import("../waits.mjs").Wait} wait @returns {Aim} */
export function waitAim({ tenant, medianSeconds }) {
  return { aim: `no-op \`authn up\`, tenant ${tenant}`, measured: medianSeconds, most: MOST_WAIT_SECONDS, unit: "s" };
}
