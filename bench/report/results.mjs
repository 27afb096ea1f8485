/** The whole report, as Markdown. Pure. */
import { aimsOf, memoryGrowth, verdict, waitAim } from "./aims.mjs";
import { factor, mebibytes, seconds, table, UNKNOWN, whole } from "./table.mjs";
import { LEGEND, NAMES, OPERATIONS } from "./words.mjs";

/** @typedef {import("../figures.mjs").Run} Run */
/** @typedef {{ surroundings: readonly import("./surroundings.mjs").Circumstance[], runs: readonly Run[], waits: readonly import("../waits.mjs").Wait[] }} Results */

/** @param {Results} results @returns {string} */
export function resultsText({ surroundings, runs, waits }) {
  const parts = [
    "# Measured figures",
    "`npm run bench` writes this file; don't edit it. Timings are figures, not assertions: what misses its aim is shown, not hidden.",
    surroundings.map(({ name, value }) => `- ${name}: ${value}`).join("\n"),
    ...(waits.length === 0 ? [] : [waitsText(waits)]),
    ...runs.map(runText),
    ...growthText(runs),
    LEGEND,
  ];
  return `${parts.map((part) => part.trimEnd()).join("\n\n")}\n`;
}

/** @param {readonly import("../waits.mjs").Wait[]} waits */
function waitsText(waits) {
  const rows = waits.map((wait) => {
    const aim = waitAim(wait);
    const times = wait.seconds.map(seconds).join(" ");
    return [aim.aim, times || UNKNOWN, seconds(aim.measured), `<= ${aim.most}`, verdict(aim)];
  });
  const notes = waits.flatMap(({ tenant, note }) =>
    note === undefined ? [] : [`- tenant ${tenant}: ${oneLine(note)}`],
  );
  return [
    "## What a person waits for: 20 people, nothing to do",
    table(["the whole command", "each, s", "median, s", "aim, s", ""], rows),
    ...notes,
  ]
    .map((part) => part.trimEnd())
    .join("\n\n");
}

/** @param {Run} run */
function runText(run) {
  const rounds = run.rounds === 1 ? "one round" : `medians of ${run.rounds} rounds`;
  const checkpoints = run.skipCheckpoints
    ? "state written once at the end (PULUMI_SKIP_CHECKPOINTS=true)"
    : "state written at each step (the engine's default)";
  const aims = aimsOf(run).map((aim) => [aim.aim, factor(aim.measured), `<= ${aim.most}${aim.unit}`, verdict(aim)]);
  return [
    `## ${run.users} people`,
    `Checkpoints: ${checkpoints}; ${rounds}.${seenText(run)}`,
    figuresTable(run),
    table(["aim", "measured", "at most", ""], aims),
    ...(run.notes.length === 0 ? [] : [run.notes.map((note) => `- ${oneLine(note)}`).join("\n")]),
  ]
    .map((part) => part.trimEnd())
    .join("\n\n");
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

/** @param {readonly Run[]} runs */
function growthText(runs) {
  const growth = memoryGrowth(runs);
  if (growth.length === 0) return [];
  const rows = growth.map(({ operation, authn, bare }) => [OPERATIONS[operation], factor(authn), factor(bare)]);
  return [
    `## The provider's peak memory: 1,000 people against 100\n\n${table(["operation", NAMES.authn, NAMES.bare], rows)}`,
  ];
}

const MOST_NOTE_CHARACTERS = 600;

/** @param {string} text */
const oneLine = (text) => text.replaceAll(/\s+/g, " ").trim().slice(0, MOST_NOTE_CHARACTERS);
