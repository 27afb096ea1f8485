/** The progress line as text: pure, so that a terminal and a log file say the same. */
import type { Operation } from "../operations.js";
import { oneLine } from "../text.js";
import { type Progress, slowest, totalOf } from "./progress.js";

const doing: Readonly<Record<Operation, string>> = {
  up: "bringing up",
  preview: "previewing",
  refresh: "refreshing",
  drift: "looking for drift",
  destroy: "destroying",
};

/** What takes longer than this is worth a name on the line. */
const slowAfterMs = 1_000;

export function renderProgress(progress: Progress, nowMs: number): string {
  const parts = [`${doing[progress.operation]} ${progress.done}/${totalOf(progress)}`];
  const rate = rateOf(progress, nowMs);
  if (rate !== undefined) parts.push(`${rate}/s`);
  const waiting = slowest(progress);
  if (waiting !== undefined && nowMs - waiting.sinceMs >= slowAfterMs) {
    parts.push(`slowest: ${oneLine(waiting.name)} (${waiting.op}, ${seconds(nowMs - waiting.sinceMs)})`);
  }
  if (progress.failed > 0) parts.push(`${progress.failed} failed`);
  if (progress.workStartedMs === undefined) return `${doing[progress.operation]}: the engine starts`;
  parts.push(seconds(nowMs - progress.startedMs));
  return parts.join(", ");
}

function rateOf(progress: Progress, nowMs: number): string | undefined {
  const elapsedMs = nowMs - (progress.workStartedMs ?? nowMs);
  if (elapsedMs < slowAfterMs || progress.done === 0) return undefined;
  const rate = (progress.done * 1_000) / elapsedMs;
  return rate >= 10 ? String(Math.round(rate)) : rate.toFixed(1);
}

export function seconds(ms: number): string {
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1_000)} s`;
}

/** Cut to the terminal's width, so that the line never wraps. */
export function cutTo(line: string, columns: number): string {
  const characters = [...line];
  return characters.length <= columns ? line : `${characters.slice(0, Math.max(0, columns - 1)).join("")}…`;
}
