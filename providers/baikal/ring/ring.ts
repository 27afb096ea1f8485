/**
 * What a key ring is: its keys, each in one state, and what has happened to it. A key goes prepared (published, not signing) ->
 * active (signs) -> retiring (published, not signing) -> gone (contracts/baikal.md, "What follows for BaikalClientKeys").
 * Times are RFC 3339 texts in UTC, since they are outputs as they are.
 */
import { z } from "zod";

/** A public JWK as it is published (RFC 7517; RFC 7518 §6.2, §6.3). */
export const publicJwk = z.record(z.string(), z.string());
export type PublicJwk = z.infer<typeof publicJwk>;

const time = z.iso.datetime();

export const ringKey = z.object({
  /** RFC 7638, SHA-256, base64url. */
  kid: z.string(),
  state: z.enum(["prepared", "active", "retiring"]),
  jwk: publicJwk,
  createdAt: time,
  /** Since when it stands in the document that was published. */
  publishedAt: time.optional(),
  /** When it was first found in the live document: the lead counts from here. */
  seenAt: time.optional(),
  /** When a grant signed with it was taken. */
  provenAt: time.optional(),
  activatedAt: time.optional(),
  retiringSince: time.optional(),
  /** When it leaves the document, for one that retires. */
  removeAt: time.optional(),
  /** It stood in the document before this ring, or another run put it there: its private half isn't here. */
  foreign: z.boolean().optional(),
});
export type RingKey = z.infer<typeof ringKey>;

export const RING_EVENTS = [
  "created",
  "imported",
  "kept",
  "prepared",
  "seen",
  "proven",
  "proof failed",
  "promoted",
  "promoted at once",
  "rolled back",
  "removed",
  "revoked",
  "moved",
] as const;
export type RingEvent = (typeof RING_EVENTS)[number];

export const historyEntry = z.object({
  at: time,
  event: z.enum(RING_EVENTS),
  kid: z.string().optional(),
  note: z.string().optional(),
});
export type HistoryEntry = z.infer<typeof historyEntry>;

/** The lead and the retirement, and the times that they are the sums of: of two overlaps one may have the longer part each. */
export const overlap = z.object({
  leadMs: z.number(),
  retireAfterMs: z.number(),
  verifierCacheMs: z.number(),
  publisherCacheMs: z.number(),
  clockSkewMs: z.number(),
  tokenLifeMs: z.number(),
  rolloutMs: z.number(),
});
export type Overlap = z.infer<typeof overlap>;

export const ring = z.object({
  /** Where the slots begin: the declared epoch, else when the ring was made. */
  anchoredAt: time,
  keys: z.array(ringKey),
  /** Keys that left: the document must not bring them back. */
  former: z.array(z.string()),
  history: z.array(historyEntry),
  /** The latest time that a run has judged by: a clock that goes back is noticed. */
  judgedAt: time,
  /** The overlap that the last run kept to. */
  overlap,
  /** A longer overlap of before, which holds on: caches filled and tokens signed under it live until then. */
  held: overlap.extend({ until: time }).optional(),
});
export type Ring = z.infer<typeof ring>;

/** Bounds of what the state carries along. */
export const HISTORY_LENGTH = 50;
export const FORMER_LENGTH = 100;
/** The bound of a ring's size: nothing is promoted in one that has so many keys, until the oldest has left. */
export const MOST_KEYS = 8;

export const at = (time: string): number => Date.parse(time);
export const timeOf = (ms: number): string => new Date(ms).toISOString();

export function activeKey({ keys }: Pick<Ring, "keys">): RingKey {
  const active = keys.find(({ state }) => state === "active");
  if (active === undefined) throw new TypeError("a ring always has an active key");
  return active;
}

export function preparedKey({ keys }: Pick<Ring, "keys">): RingKey | undefined {
  return keys.find(({ state }) => state === "prepared");
}

/** The ring with an entry more in its bounded history. */
export function recorded(before: Ring, nowMs: number, event: RingEvent, kid?: string, note?: string): Ring {
  const entry = {
    at: timeOf(nowMs),
    event,
    ...(kid === undefined ? {} : { kid }),
    ...(note === undefined ? {} : { note }),
  };
  return { ...before, history: [...before.history, entry].slice(-HISTORY_LENGTH) };
}
