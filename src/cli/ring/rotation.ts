/** What `authn rotation` tells of a ring: data for scripts, and the same as text. Pure. */
import { type Planned, shortKid } from "../../../providers/baikal/ring/plan.js";
import { activeKey, at, type HistoryEntry, type RingKey, timeOf } from "../../../providers/baikal/ring/ring.js";
import { oneLine } from "../text.js";
import { type KeyLife, livesOf } from "./lives.js";
import { projectionOf } from "./projection.js";
import type { SavedRing } from "./saved-ring.js";
import { type Glyphs, type Span, timelineLines } from "./timeline.js";
import { relativeText, timeText } from "./wording.js";

export interface Rotation {
  readonly name: string;
  readonly issuer: string;
  readonly algorithm: string;
  readonly activeKid: string;
  readonly keys: readonly RingKey[];
  readonly lives: readonly KeyLife[];
  /** Oldest first. */
  readonly history: readonly HistoryEntry[];
  /** In the order in which they come, if a run comes at each time. */
  readonly coming: readonly Planned[];
  readonly span: Span;
}

/** How much is drawn before and after now, in periods. */
const PERIODS = 2;
/** What becomes of keys that don't exist yet is told by these alone. */
const TELLING: ReadonlySet<string> = new Set(["promote", "remove", "revoke", "roll back"]);

/** @param realMs Unix time by the clock that the ring goes by; a run that judged by a later one counts more */
export function rotationOf({ name, issuer, algorithm, ring, intent }: SavedRing, realMs: number): Rotation {
  const nowMs = Math.max(realMs, at(ring.judgedAt));
  const reach = PERIODS * intent.policy.periodMs;
  const untilMs = nowMs + reach;
  const { steps, entries } = projectionOf(ring, intent, nowMs, untilMs);
  const lives = livesOf(ring, entries);
  const births = lives.flatMap(({ phases }) => phases.slice(0, 1).map(({ fromMs }) => fromMs));
  const fromMs = Math.max(nowMs - reach, Math.min(nowMs, ...births));
  return {
    name,
    issuer,
    algorithm,
    activeKid: activeKey(ring).kid,
    keys: ring.keys,
    lives,
    history: ring.history,
    coming: steps.filter(({ step, atMs }) => atMs <= nowMs || TELLING.has(step)),
    span: { fromMs, untilMs, nowMs },
  };
}

const PAST_ENTRIES = 8;
const COMING_STEPS = 8;

export function rotationText(rotation: Rotation, glyphs: Glyphs, columns: number): string {
  const { name, issuer, algorithm, activeKid, lives, history, coming, span } = rotation;
  const signs = `${algorithm}, signs with ${shortKid(activeKid)}`;
  const title = [oneLine(name), ...(issuer === "" ? [] : [oneLine(issuer)]), signs].join("  ");
  return [
    title,
    ...timelineLines(lives, span, glyphs, columns),
    ...table(
      "past",
      history.slice(-PAST_ENTRIES).map((entry) => [at(entry.at), eventText(entry)]),
      span.nowMs,
    ),
    ...table(
      "coming, if `authn up` runs at each time",
      coming.slice(0, COMING_STEPS).map(({ atMs, text }) => [atMs, text.replace(` (slot of ${timeOf(atMs)})`, "")]),
      span.nowMs,
    ),
    ...(coming.length === 0 ? ["  coming: nothing in sight"] : []),
  ]
    .join("\n")
    .replaceAll("…", glyphs.cut);
}

/** Of a ring whose making stopped halfway. */
export function unfinishedText(name: string): string {
  return `${oneLine(name)}  unfinished: no key signs yet; \`authn up\` goes on where it stopped`;
}

function eventText({ event, kid, note }: HistoryEntry): string {
  const about = kid === undefined ? event : `${event} ${shortKid(kid)}`;
  return note === undefined ? about : `${about}: ${note}`;
}

function table(
  title: string,
  rows: readonly (readonly [ms: number, text: string])[],
  nowMs: number,
): readonly string[] {
  if (rows.length === 0) return [];
  const relatives = rows.map(([ms]) => relativeText(ms, nowMs));
  const wide = Math.max(...relatives.map(({ length }) => length));
  return [
    `  ${title}`,
    ...rows.map(
      ([ms, text], index) => `    ${timeText(ms)}  ${(relatives[index] ?? "").padEnd(wide)}  ${oneLine(text)}`,
    ),
  ];
}

/** The same for scripts: times in RFC 3339, nothing cut short. */
export function rotationJson({ span, lives, coming, ...rotation }: Rotation): object {
  const known = (ms: number | undefined) => (ms === undefined ? undefined : timeText(ms));
  return {
    ...rotation,
    now: timeText(span.nowMs),
    lives: lives.map(({ kid, state: today, phases }) => ({
      kid,
      state: today,
      phases: phases.map(({ state, fromMs, untilMs }) => ({ state, from: timeText(fromMs), until: known(untilMs) })),
    })),
    coming: coming.map(({ step, kid, atMs, text }) => ({ step, kid, at: timeText(atMs), text })),
  };
}
