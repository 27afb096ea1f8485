/** The whole report, as Markdown. Pure. */
import { resourceNames } from "../resources/index.mjs";
import { block } from "./block.mjs";
import { agentText, besideRingsText, imagesText, registrationsText, waitsText } from "./measures.mjs";
import { costText, growthText, runText } from "./runs.mjs";
import { section } from "./section.mjs";
import { summaryText } from "./summary.mjs";
import { whereText } from "./where.mjs";
import { legendOf } from "./words.mjs";

/** @typedef {import("../figures.mjs").Run} Run */
/**
 * @typedef {object} Results undefined and empty: not measured
 * @property {readonly import("./surroundings.mjs").Circumstance[]} surroundings
 * @property {readonly Run[]} runs
 * @property {import("../agent.mjs").AgentRun | undefined} agent
 * @property {import("../images.mjs").ImagesRun | undefined} images
 * @property {import("../registrations.mjs").RegistrationsRun | undefined} registrations
 * @property {import("../beside-rings.mjs").BesideRun | undefined} besideRings
 * @property {readonly import("../waits.mjs").Wait[]} waits
 */

/** @param {Results} results @returns {string} */
export function resultsText(results) {
  const { surroundings, runs, agent, images, registrations, besideRings, waits } = results;
  const parts = [
    "# Measured figures",
    "`npm run bench -- --whole` writes this file; don't edit it. Timings are figures, not assertions: what misses its aim is shown, not hidden.",
    surroundings.map(({ name, value }) => `- ${name}: ${value}`).join("\n"),
    section("## In short, as the README shows it", block(summaryText(results))),
    ...(waits.length === 0 ? [] : [waitsText(waits)]),
    ...resourceNames.flatMap((resource) => {
      const own = runs.filter((run) => run.resource === resource);
      return [...own.map(runText), ...growthText(resource, own), ...costText(resource, own)];
    }),
    ...(agent === undefined ? [] : [agentText(agent)]),
    ...(images === undefined ? [] : [imagesText(images)]),
    ...(registrations === undefined ? [] : [registrationsText(registrations)]),
    ...(besideRings === undefined ? [] : [besideRingsText(besideRings)]),
    ...whereText(runs),
    legendOf(resourceNames.filter((resource) => runs.some((run) => run.resource === resource))),
  ];
  return `${parts.map((part) => part.trimEnd()).join("\n\n")}\n`;
}
