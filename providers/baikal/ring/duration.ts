/** Spans of time as people write them: a whole number and one unit, `90s`, `15m`, `1h`, `7d`, `2w`. */
import { z } from "zod";

const UNITS_MS: ReadonlyMap<string, number> = new Map([
  ["s", 1_000],
  ["m", 60_000],
  ["h", 3_600_000],
  ["d", 86_400_000],
  ["w", 604_800_000],
]);
const FORM = /^(\d{1,7})([smhdw])$/;
const EXPECTED = 'must be a whole number and one of s, m, h, d, w: "90s", "15m", "7d"';
/** Ten years: beyond it a mistyped unit is the likelier reading. */
const LONGEST_MS = 10 * 366 * 86_400_000;

export const duration = z
  .string(EXPECTED)
  .regex(FORM, EXPECTED)
  .refine((text) => !(durationMs(text) > LONGEST_MS), "must be at most ten years");

/** Milliseconds of a text that passed the schema; NaN for any other. */
export function durationMs(text: string): number {
  const [, count = "", unit = ""] = FORM.exec(text) ?? [];
  return Number(count === "" ? Number.NaN : count) * (UNITS_MS.get(unit) ?? Number.NaN);
}

/** The two largest units of a span, for messages: `1h 16m`, `7d`, `0s`. */
export function spanText(ms: number): string {
  const parts: string[] = [];
  let rest = Math.max(0, Math.round(ms / 1_000)) * 1_000;
  for (const unit of ["d", "h", "m", "s"]) {
    const size = UNITS_MS.get(unit) ?? 1;
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0 && parts.length < 2) parts.push(`${count}${unit}`);
  }
  return parts.length === 0 ? "0s" : parts.join(" ");
}
