/** The figures in short: what the README shows, and RESULTS.md at its beginning. Pure. */
import { figuresOf } from "../figures.mjs";
import { resources } from "../resources/index.mjs";
import { verdict } from "./aim.mjs";
import { aimsOf } from "./aims.mjs";
import { agentAim, besideRingsAims, imagesAim, waitAim } from "./measure-aims.mjs";
import { costGrowth, growthAim } from "./scale.mjs";
import { boundOf, section } from "./section.mjs";
import { factor, mebibytes, table } from "./table.mjs";
import { NAMES } from "./words.mjs";

/** @typedef {import("../figures.mjs").Run} Run */
/** @typedef {import("../figures.mjs").RowName} RowName */
/** @typedef {import("./aim.mjs").Aim} Aim */

/** What of a figure's surroundings fits into one line. */
const TOLD = ["Date", "Machine", "Node.js", "Pulumi engine", "@pulumi/pulumi", "pulumi-authn", "Command"];
/** @type {readonly RowName[]} */
const SHOWN = ["authn", "bare", "plain", "hand", "handCheckpoints"];
const SHOWN_AIMS = /^(no-op, wall|create, wall: (?!plain requests taken off)|provider's peak)/;

/** @param {import("./results.mjs").Results} results @returns {string} */
export function summaryText({ surroundings, runs, agent, images, besideRings, waits }) {
  const told = surroundings.filter(({ name }) => TOLD.includes(name));
  /** @type {[string, Aim][]} */
  const aims = [
    ...runs.flatMap((run) => shownAims(run).map((aim) => labelled(titleOf(run), aim))),
    ...grown(runs),
    ...waits.map((wait) => labelled("20 people", waitAim(wait))),
    ...(agent === undefined ? [] : [labelled(`KeylessUser, ${agent.users} through a busy agent`, agentAim(agent))]),
    ...(images === undefined ? [] : [labelled("KeylessUser, 20 MB a picture", imagesAim(images))]),
    ...(besideRings === undefined ? [] : besideRingsAims(besideRings).map((aim) => labelled("RS256 rings", aim))),
  ];
  return section(
    told.map(({ name, value }) => `- ${name}: ${value}`).join("\n"),
    `Seconds of the whole operation, and the provider process's peak memory in MiB${roundsText(runs)}:`,
    table(["", "", "create", "no-op", "refresh", "destroy", "peak"], runs.flatMap(rowsOf)),
    "Held against its aims, each within one run:",
    table(
      ["", "aim", "measured", "should be", ""],
      aims.map(([title, aim]) => [title, aim.aim, factor(aim.measured), boundOf(aim), verdict(aim)]),
    ),
  );
}

/** @param {readonly Run[]} runs @returns {string} how many measurements stand behind a figure, where they are several */
function roundsText(runs) {
  const most = Math.max(1, ...runs.map(({ rounds }) => rounds));
  return most === 1 ? "" : `, medians of ${most} rounds`;
}

/** @param {string} title @param {Aim} aim @returns {[string, Aim]} */
const labelled = (title, aim) => [title, aim];

/** @param {Run} run */
const titleOf = ({ resource, users }) =>
  `${resource}, ${users}${resources[resource].counted === "rings" ? " rings" : ""}`;

/** @param {Run} run What wasn't measured has no place in a summary. */
const shownAims = (run) => aimsOf(run).filter(({ aim, measured }) => measured !== undefined && SHOWN_AIMS.test(aim));

/** @param {readonly Run[]} runs @returns {[string, Aim][]} */
function grown(runs) {
  return [...new Set(runs.map(({ resource }) => resource))].flatMap((resource) => {
    const found = costGrowth(runs.filter((run) => run.resource === resource));
    return (found?.growth ?? []).map((growth) => labelled(resource, growthAim(growth, found?.users ?? 0)));
  });
}

/** @param {Run} run @returns {string[][]} one a subject */
function rowsOf(run) {
  const known = SHOWN.filter((name) => figuresOf(run, name, "create") !== undefined);
  return known.map((name, index) => {
    const figures = (/** @type {import("../figures.mjs").OperationName} */ operation) =>
      figuresOf(run, name, operation);
    const times = /** @type {const} */ (["create", "noop", "refresh", "destroy"]).map((operation) => {
      const wall = figures(operation)?.wallSeconds;
      return wall === undefined ? "" : wall.toFixed(1);
    });
    const peaks = run.rows.flatMap((row) => (row.name === name ? (row.figures.providerPeakBytes ?? []) : []));
    const peak = peaks.length === 0 ? "" : mebibytes(Math.max(...peaks));
    return [index === 0 ? titleOf(run) : "", NAMES[name], ...times, peak];
  });
}
