/**
 * The ring's transitions: pure, each with its guard. A guard that doesn't hold is a fault of the caller, not of a person, except
 * where a message says so. After each there is exactly one active key.
 */
import { shortKid } from "./plan.js";
import {
  activeKey,
  at,
  FORMER_LENGTH,
  MOST_KEYS,
  type Overlap,
  overlap as overlapTimes,
  type PublicJwk,
  preparedKey,
  type Ring,
  type RingKey,
  recorded,
  timeOf,
} from "./ring.js";

/** A key that nobody has seen yet. */
export interface NewKey {
  readonly kid: string;
  readonly jwk: PublicJwk;
}

type Span = Pick<Overlap, "leadMs" | "retireAfterMs">;

interface Beginning {
  readonly anchoredAtMs: number;
  readonly nowMs: number;
  /** It is the key that signs already. */
  readonly imported: boolean;
  readonly overlap: Overlap;
}

/** A ring whose first key signs at once: nothing else could. */
export function createdRing(first: NewKey, { anchoredAtMs, nowMs, imported, overlap }: Beginning): Ring {
  const time = timeOf(nowMs);
  const key: RingKey = { ...first, state: "active", createdAt: time, activatedAt: time };
  const empty: Ring = {
    anchoredAt: timeOf(anchoredAtMs),
    keys: [key],
    former: [],
    history: [],
    judgedAt: time,
    overlap: overlapTimes.parse(overlap),
  };
  return recorded(empty, nowMs, imported ? "imported" : "created", first.kid);
}

/** The clock of a run, taken down. */
export function judged(before: Ring, nowMs: number): Ring {
  return nowMs <= at(before.judgedAt) ? before : { ...before, judgedAt: timeOf(nowMs) };
}

/** How far the clock lies before an earlier run's, in milliseconds; 0 where it doesn't. */
export function behindMs({ judgedAt }: Pick<Ring, "judgedAt">, nowMs: number): number {
  return Math.max(0, at(judgedAt) - nowMs);
}

/** A standby beside the active key. */
export function prepared(before: Ring, key: NewKey, nowMs: number): Ring {
  if (preparedKey(before) !== undefined) throw new TypeError("a ring has one prepared key at most");
  const standby: RingKey = { ...key, state: "prepared", createdAt: timeOf(nowMs) };
  return recorded({ ...before, keys: [...before.keys, standby] }, nowMs, "prepared", key.kid);
}

/** Every key stands in the document at the place of today. */
export function published(before: Ring, nowMs: number): Ring {
  const time = timeOf(nowMs);
  return { ...before, keys: before.keys.map((key) => ({ ...key, publishedAt: key.publishedAt ?? time })) };
}

/** Another place, or another address of the live document: what was seen there says nothing of this one. */
export function moved(before: Ring, nowMs: number): Ring {
  const keys = before.keys.map(({ publishedAt: _, seenAt: __, ...key }) => key);
  return recorded({ ...before, keys }, nowMs, "moved");
}

/** Keys that the document was found without, though they had been published: verifiers forget them, and the lead begins anew. */
export function missed(before: Ring, present: ReadonlySet<string>): Ring {
  const isMissed = ({ kid, publishedAt }: RingKey) => publishedAt !== undefined && !present.has(kid);
  if (!before.keys.some(isMissed)) return before;
  const keys = before.keys.map((key) => {
    if (!isMissed(key)) return key;
    const { publishedAt: _, seenAt: __, ...rest } = key;
    return rest;
  });
  return { ...before, keys };
}

/** These kids were found in the live document, each with the very key. */
export function seen(before: Ring, kids: ReadonlySet<string>, nowMs: number): Ring {
  const found = before.keys.filter(({ kid, publishedAt, seenAt, foreign }) => {
    return kids.has(kid) && publishedAt !== undefined && seenAt === undefined && foreign !== true;
  });
  if (found.length === 0) return before;
  const isFound = new Set(found.map(({ kid }) => kid));
  const keys = before.keys.map((key) => (isFound.has(key.kid) ? { ...key, seenAt: timeOf(nowMs) } : key));
  return found.reduce((ring, { kid }) => recorded(ring, nowMs, "seen", kid), { ...before, keys });
}

/** A grant signed with the key was taken. */
export function proven(before: Ring, kid: string, nowMs: number): Ring {
  return recorded(changed(before, kid, { provenAt: timeOf(nowMs) }), nowMs, "proven", kid);
}

/** The standby signs from now on, and the key before it retires. */
export function promoted(before: Ring, kid: string, { leadMs, retireAfterMs }: Span, nowMs: number): Ring {
  const standby = preparedKey(before);
  if (standby?.kid !== kid) throw new TypeError("only the prepared key can be promoted");
  if (standby.seenAt === undefined || nowMs < at(standby.seenAt) + leadMs)
    throw new TypeError("a key is promoted only after it was seen published for the whole lead");
  if (before.keys.length >= MOST_KEYS) throw new TypeError("a ring has a bounded size");
  return recorded(signsFromNow(before, kid, retireAfterMs, nowMs), nowMs, "promoted", kid);
}

/** A retiring key, which every verifier still knows, signs again. */
export function rolledBack(before: Ring, kid: string, { leadMs, retireAfterMs }: Span, nowMs: number): Ring {
  const target = before.keys.find((key) => key.kid === kid);
  if (target?.state !== "retiring" || target.foreign === true)
    throw new TypeError("only a retiring key of this ring can be rolled back to");
  if (target.seenAt === undefined || nowMs < at(target.seenAt) + leadMs)
    throw new TypeError("a key is rolled back to only after it was seen published for the whole lead");
  return recorded(signsFromNow(before, kid, retireAfterMs, nowMs), nowMs, "rolled back", kid);
}

/** A key that retired long enough ago leaves the ring; the next document is without it. */
export function removed(before: Ring, kid: string, nowMs: number): Ring {
  const target = before.keys.find((key) => key.kid === kid);
  if (target?.removeAt === undefined || nowMs < at(target.removeAt))
    throw new TypeError("only a key that has retired for the whole time is removed");
  return recorded(without(before, kid), nowMs, "removed", kid);
}

/**
 * A key leaves at once. Where it is the active one the standby signs at once, known to every verifier or not: the note says until
 * when that may cost something. `standby` comes in where the ring has no prepared key.
 */
export function revoked(
  before: Ring,
  kid: string,
  { leadMs }: Pick<Overlap, "leadMs">,
  standby: NewKey | undefined,
  nowMs: number,
): Ring {
  const target = before.keys.find((key) => key.kid === kid);
  if (target === undefined) throw new TypeError("only a key of the ring can be revoked");
  if (target.state !== "active") return recorded(without(before, kid), nowMs, "revoked", kid);
  const ready = preparedKey(before) === undefined && standby !== undefined ? prepared(before, standby, nowMs) : before;
  const successor = preparedKey(ready);
  if (successor === undefined) throw new TypeError("the active key is never removed without another");
  const rest = recorded(without(ready, kid), nowMs, "revoked", kid);
  const keys = rest.keys.map((key) =>
    key.kid === successor.kid ? { ...key, state: "active" as const, activatedAt: timeOf(nowMs) } : key,
  );
  return recorded({ ...rest, keys }, nowMs, "promoted at once", successor.kid, emergencyNote(successor, leadMs, nowMs));
}

/** Keys of a document that was there before, or that another run put there: kept for as long as one of theirs may be shown. */
export function kept(
  before: Ring,
  keys: readonly NewKey[],
  { retireAfterMs }: Pick<Overlap, "retireAfterMs">,
  nowMs: number,
): Ring {
  const time = timeOf(nowMs);
  const known = new Set(before.keys.map(({ kid }) => kid));
  const strangers = keys
    .filter(({ kid }) => !known.has(kid) && !before.former.includes(kid))
    .map(
      ({ kid, jwk }): RingKey => ({
        ...{ kid, jwk, state: "retiring", createdAt: time, publishedAt: time, retiringSince: time, foreign: true },
        removeAt: timeOf(nowMs + retireAfterMs),
      }),
    );
  const ring = { ...before, keys: [...before.keys, ...strangers] };
  return strangers.reduce((grown, { kid }) => recorded(grown, nowMs, "kept", kid), ring);
}

/** Until when a verifier may not know the key; undefined: every verifier must know it. */
export function unknownUntilMs({ seenAt }: RingKey, leadMs: number, nowMs: number): number | undefined {
  const knownMs = (seenAt === undefined ? nowMs : at(seenAt)) + leadMs;
  return knownMs > nowMs ? knownMs : undefined;
}

function emergencyNote(successor: RingKey, leadMs: number, nowMs: number): string | undefined {
  const untilMs = unknownUntilMs(successor, leadMs, nowMs);
  return untilMs === undefined
    ? undefined
    : `verifiers that hold an older document may refuse ${shortKid(successor.kid)} until ${timeOf(untilMs)}`;
}

function signsFromNow(before: Ring, kid: string, retireAfterMs: number, nowMs: number): Ring {
  const { kid: leaving } = activeKey(before);
  const keys = before.keys.map((key): RingKey => {
    if (key.kid === leaving) {
      const removeAt = timeOf(nowMs + retireAfterMs);
      return { ...key, state: "retiring", retiringSince: timeOf(nowMs), removeAt };
    }
    if (key.kid !== kid) return key;
    const { retiringSince: _, removeAt: __, ...rest } = key;
    return { ...rest, state: "active", activatedAt: timeOf(nowMs) };
  });
  return { ...before, keys };
}

function without(before: Ring, kid: string): Ring {
  const keys = before.keys.filter((key) => key.kid !== kid);
  return { ...before, keys, former: [...before.former, kid].slice(-FORMER_LENGTH) };
}

function changed(before: Ring, kid: string, change: Partial<RingKey>): Ring {
  return { ...before, keys: before.keys.map((key) => (key.kid === kid ? { ...key, ...change } : key)) };
}

/**
 * A run of before broke off, perhaps after a promotion, and handed nothing over: applications may have signed with the key of before
 * until now, and it retires from now. One that had retired for the whole time may have been taken out, unsaved, and counts as unseen.
 * @param latestMs what any run's clock may show by now
 */
export function retiringAnew(
  before: Ring,
  { retireAfterMs }: Pick<Overlap, "retireAfterMs">,
  nowMs: number,
  latestMs: number,
): Ring {
  const again = { retiringSince: timeOf(nowMs), removeAt: timeOf(nowMs + retireAfterMs) };
  const keys = before.keys.map((key): RingKey => {
    if (key.state !== "retiring" || key.foreign === true) return key;
    const { publishedAt: _, seenAt: __, ...rest } = key;
    const isOver = key.removeAt !== undefined && latestMs >= at(key.removeAt);
    return { ...(isOver ? rest : key), ...again };
  });
  return { ...before, keys };
}
