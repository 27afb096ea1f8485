/**
 * When a promotion falls due: slots of one period from an anchor, so that a late run shifts none behind it, and optional windows
 * (cron with a time zone) outside of which nothing is promoted.
 */
import { Cron } from "croner";
import { durationMs } from "./duration.js";
import type { Policy } from "./policy.js";
import { at, type Ring } from "./ring.js";

export interface Window {
  /** Five fields: minute, hour, day of the month, month, day of the week. */
  readonly cron: string;
  /** IANA name. Default: UTC. */
  readonly timeZone?: string | undefined;
  /** How long it stays open. Default: 1h. */
  readonly duration?: string | undefined;
}

export const WINDOW_DEFAULTS = { timeZone: "UTC", duration: "1h" } as const;

/** The beginning of the slot after the one in which the key became active. */
export function slotAfter(ring: Pick<Ring, "anchoredAt">, { periodMs }: Policy, activatedAtMs: number): number {
  const anchorMs = at(ring.anchoredAt);
  return anchorMs + (Math.floor((activatedAtMs - anchorMs) / periodMs) + 1) * periodMs;
}

/** The first instant from `fromMs` on at which a window is open; that instant itself without windows, or within one. */
export function opensAt(window: Window | undefined, fromMs: number): number {
  if (window === undefined) return fromMs;
  const cron = parsed(window);
  const openMs = durationMs(window.duration ?? WINDOW_DEFAULTS.duration);
  // The last opening that could still be open lies at most its own length back.
  const opened = cron.nextRun(new Date(fromMs - openMs))?.getTime();
  if (opened === undefined) return Number.POSITIVE_INFINITY;
  return Math.max(opened, fromMs);
}

/** Why a window can't be used; undefined: it can. */
export function windowFault(window: Window): { readonly property: string; readonly reason: string } | undefined {
  try {
    new Intl.DateTimeFormat("en", { timeZone: window.timeZone ?? WINDOW_DEFAULTS.timeZone });
  } catch {
    return { property: "window.timeZone", reason: 'must be a time zone\'s name, as in "Europe/Berlin"' };
  }
  try {
    if (parsed(window).nextRun() === null)
      return { property: "window.cron", reason: "names no instant that will come" };
    return undefined;
  } catch {
    return {
      property: "window.cron",
      reason: 'must be five fields (minute, hour, day, month, weekday), as in "0 9 * * 1-4"',
    };
  }
}

function parsed({ cron, timeZone = WINDOW_DEFAULTS.timeZone }: Window): Cron {
  return new Cron(cron, { timezone: timeZone, mode: "5-part" });
}
