// What a campaign says: a line a round, what was found with the command that plays it again, and the sums. Pure.

/** @typedef {import("./stage.mjs").Played} Played */
/** @typedef {{ title: string, replay: string, played: Played, seconds: number }} Told */

/** @param {Told} told */
export function roundLines({ title, replay, played, seconds }) {
  const { struck, missed, findings, runs } = played;
  const line = `${title}: ${struck.length} kills struck, ${missed} came too late, ${runs} runs, ${findings.length} findings, ${seconds.toFixed(0)} s`;
  if (findings.length === 0) return [line];
  return [line, ...findings.map(({ kind, what }) => `  ${kind}: ${what}`), `  again: ${replay}`];
}

/** @param {readonly Told[]} all */
export function summaryLines(all) {
  const struck = all.flatMap(({ played }) => played.struck);
  const findings = all.flatMap(({ played }) => played.findings);
  const seconds = all.reduce((sum, told) => sum + told.seconds, 0);
  const of = (kind) => findings.filter((finding) => finding.kind === kind).length;
  const others = [...new Set(findings.map(({ kind }) => kind))].filter((kind) => !COUNTED.includes(kind));
  return [
    `${struck.length} kills in ${all.length} rounds, ${(seconds / 60).toFixed(1)} min`,
    `  of: ${counts(struck.map(({ targets }) => [...targets].sort().join(" + ")))}`,
    `  at: ${counts(struck.map(({ at }) => at))}`,
    `  on: ${counts(struck.map(({ operation }) => operation))}`,
    `${of("orphan")} orphans, ${of("duplicate")} duplicates, ${of("lost key")} lost keys`,
    ...(others.length === 0 ? [] : [others.map((kind) => `${of(kind)} ${kind}`).join(", ")]),
  ];
}

const COUNTED = ["orphan", "duplicate", "lost key"];

/** @param {readonly string[]} names */
function counts(names) {
  const by = new Map();
  for (const name of names) by.set(name, (by.get(name) ?? 0) + 1);
  const sorted = [...by].sort(([, one], [, other]) => other - one);
  return sorted.length === 0 ? "none" : sorted.map(([name, count]) => `${name} ${count}`).join(", ");
}
