/** The runs in the report: a resource's life beside what it is measured against. Pure. */
import { resources } from "../resources/index.mjs";
import { verdict } from "./aim.mjs";
import { aimsOf, memoryGrowth } from "./aims.mjs";
import { costGrowth, growthAim } from "./scale.mjs";
import { aimsTable, boundOf, notesText, section } from "./section.mjs";
import { factor, mebibytes, seconds, table, whole } from "./table.mjs";
import { NAMES, OPERATIONS } from "./words.mjs";

/** @typedef {import("../figures.mjs").Run} Run */

/** @param {Run} run */
export function runText(run) {
  const rounds = run.rounds === 1 ? "one round" : `medians of ${run.rounds} rounds`;
  const checkpoints = run.skipCheckpoints
    ? "state written once at the end (PULUMI_SKIP_CHECKPOINTS=true)"
    : "state written at each step (the engine's default)";
  return section(
    `## ${run.resource}: ${run.users} ${resources[run.resource].counted}`,
    `Checkpoints: ${checkpoints}; ${rounds}.${seenText(run)}`,
    figuresTable(run),
    aimsTable(aimsOf(run)),
    notesText(run.notes),
  );
}

/** @param {Run} run */
function seenText({ rows }) {
  const shares = rows.flatMap(({ figures }) => figures.seenShare ?? []);
  if (shares.length === 0) return "";
  return ` Of the CPU time that the system accounted, at least ${Math.floor(100 * Math.min(...shares))} % was seen.`;
}

/** @param {Run} run */
function figuresTable({ rows, users }) {
  const head = [
    "subject",
    "operation",
    "wall s",
    "CPU s program",
    "engine",
    "provider",
    "peak MiB program",
    "engine",
    "provider",
    "requests",
    "each",
    "state B each",
  ];
  const body = rows.map(({ name, operation, figures }) => [
    NAMES[name],
    OPERATIONS[operation],
    seconds(figures.wallSeconds),
    seconds(figures.programCpuSeconds),
    seconds(figures.engineCpuSeconds),
    seconds(figures.providerCpuSeconds),
    mebibytes(figures.programPeakBytes),
    mebibytes(figures.enginePeakBytes),
    mebibytes(figures.providerPeakBytes),
    whole(figures.requests),
    factor(figures.requests / users),
    operation === "create" ? whole(figures.stateBytesPerResource) : "",
  ]);
  return table(head, body);
}

/** @param {Run["resource"]} resource @param {readonly Run[]} runs of that resource */
export function growthText(resource, runs) {
  const growth = memoryGrowth(runs);
  if (growth.length === 0) return [];
  const rows = growth.map(({ operation, authn, bare }) => [OPERATIONS[operation], factor(authn), factor(bare)]);
  return [
    section(
      `## ${resource}: the provider's peak memory at 1,000 people against 100`,
      table(["operation", NAMES.authn, NAMES.bare], rows),
    ),
  ];
}

/** @param {Run["resource"]} resource @param {readonly Run[]} runs of that resource */
export function costText(resource, runs) {
  const found = costGrowth(runs);
  if (found === undefined) return [];
  const { users, growth } = found;
  const rows = growth.map((each) => {
    const aim = growthAim(each, users);
    const factors = [each.wall, each.cpu, each.bareWall, each.bareCpu].map(factor);
    return [OPERATIONS[each.operation], ...factors, boundOf(aim), verdict(aim)];
  });
  const head = ["operation", `wall: ${NAMES.authn}`, "CPU", `wall: ${NAMES.bare}`, "CPU", "should be", ""];
  return [section(`## ${resource}: what one of ${users} costs against one of 1000`, table(head, rows))];
}
