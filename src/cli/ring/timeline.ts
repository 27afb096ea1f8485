/** A ring's keys over time as lines of text: one bar a key, and where now is. Pure. */
import { shortKid } from "../../../providers/baikal/ring/plan.js";
import { oneLine } from "../text.js";
import type { KeyLife, Phase } from "./lives.js";
import { timeText } from "./wording.js";

export interface Glyphs {
  readonly prepared: string;
  readonly active: string;
  readonly retiring: string;
  readonly now: string;
  /** Where now crosses a line that has nothing there. */
  readonly through: string;
  /** Ends what is cut short. */
  readonly cut: string;
}

export const unicode: Glyphs = { prepared: "░", active: "█", retiring: "▒", now: "▼", through: "┊", cut: "…" };
export const ascii: Glyphs = { prepared: ".", active: "#", retiring: "-", now: "v", through: "|", cut: ".." };

export interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly nowMs: number;
}

const kidColumns = 10;
const margin = "  ";
const leastBar = 20;
const mostBar = 160;

/** @param columns of the terminal; a bar has 20 at the least, however narrow that is */
export function timelineLines(
  lives: readonly KeyLife[],
  span: Span,
  glyphs: Glyphs,
  columns: number,
): readonly string[] {
  const { fromMs, untilMs, nowMs } = span;
  const stateColumns = " prepared".length;
  const width = Math.min(mostBar, Math.max(leastBar, columns - 2 * margin.length - kidColumns - stateColumns));
  const columnOf = (ms: number) => Math.floor(((ms - fromMs) / (untilMs - fromMs)) * width);
  const nowColumn = Math.min(width - 1, Math.max(0, columnOf(nowMs)));
  const indent = margin + " ".repeat(kidColumns) + margin;
  const shownLives = lives.filter(({ phases }) =>
    phases.some((phase) => phase.fromMs < untilMs && (phase.untilMs ?? untilMs) > fromMs),
  );
  const bars = shownLives.map(({ kid, state, phases }) => {
    const cells = barCells(phases, width, columnOf, glyphs);
    const bar = cells.map((cell, column) => cell ?? (column === nowColumn ? glyphs.through : " ")).join("");
    // A key that others published may be called anything.
    const name = oneLine(shortKid(kid)).replace("…", glyphs.cut).padEnd(kidColumns);
    return `${margin}${name}${margin}${bar} ${state ?? ""}`.trimEnd();
  });
  const [from, until] = [timeText(fromMs), timeText(untilMs)];
  const gap = " ".repeat(Math.max(1, width - from.length - until.length));
  return [
    `${indent}${nowMark(nowColumn, width, glyphs)}`,
    ...bars,
    `${indent}${from}${gap}${until}`,
    `${indent}${legend(glyphs)}`,
  ];
}

/** Each phase has a column at the least: an overlap of an hour must not vanish beside a week. */
function barCells(
  phases: readonly Phase[],
  width: number,
  columnOf: (ms: number) => number,
  glyphs: Glyphs,
): readonly (string | undefined)[] {
  const cells: (string | undefined)[] = Array.from({ length: width }, () => undefined);
  let taken = 0;
  for (const { state, fromMs, untilMs } of phases) {
    const end = untilMs === undefined ? width : columnOf(untilMs);
    if (end < 0 || columnOf(fromMs) >= width) continue;
    const start = Math.max(taken, columnOf(fromMs));
    taken = Math.min(width, Math.max(start + 1, end));
    cells.fill(glyphs[state], start, taken);
  }
  return cells;
}

/** `now ▼`, or `▼ now` where there is no room before it. */
function nowMark(column: number, width: number, { now }: Glyphs): string {
  const before = "now ".length;
  if (column >= before) return `${" ".repeat(column - before)}now ${now}`;
  return `${" ".repeat(column)}${now} now`.slice(0, width);
}

function legend({ prepared, active, retiring }: Glyphs): string {
  return `${prepared} prepared  ${active} active  ${retiring} retiring`;
}
