/**
 * Which overlap a ring keeps to while its policy is edited: a longer one holds at once; a shorter one only when all that was
 * cached and signed under the one before has run out. Where an edit makes one time longer and another shorter, the longer of each
 * is added up: a copy of before may still be fetched by a verifier of now.
 */
import { leastLeadMs, leastRetirementMs } from "./policy.js";
import { at, type Overlap, overlap as overlapTimes, type Ring, timeOf } from "./ring.js";

/** The overlap that holds now: the longest of what is declared, of the last run's, and of what is held. */
export function overlapOf(
  { overlap, held }: Pick<Ring, "overlap" | "held">,
  declared: Overlap,
  nowMs: number,
): Overlap {
  return longest([declared, overlap, ...(held !== undefined && nowMs < at(held.until) ? [held] : [])]);
}

function longest(all: readonly Overlap[]): Overlap {
  const most = (name: keyof Overlap) => Math.max(...all.map((one) => one[name]));
  const times = {
    verifierCacheMs: most("verifierCacheMs"),
    publisherCacheMs: most("publisherCacheMs"),
    clockSkewMs: most("clockSkewMs"),
    tokenLifeMs: most("tokenLifeMs"),
    rolloutMs: most("rolloutMs"),
  };
  return {
    ...times,
    leadMs: Math.max(most("leadMs"), leastLeadMs(times)),
    retireAfterMs: Math.max(most("retireAfterMs"), leastRetirementMs(times)),
  };
}

/** The ring once a run has taken the declared policy in. A key that retires stays for the longer of the two times. */
export function governed(before: Ring, declared: Overlap, nowMs: number): Ring {
  const { held, ...rest } = before;
  const inForce = overlapOf(before, declared, nowMs);
  const { leadMs, retireAfterMs } = inForce;
  const isShortened = overlapTimes.keyof().options.some((name) => declared[name] < before.overlap[name]);
  const until = timeOf(nowMs + Math.max(leadMs, retireAfterMs));
  const kept = isShortened ? { ...inForce, until } : held;
  const isOver = kept === undefined || nowMs >= at(kept.until);
  const keys = before.keys.map((key) => {
    if (key.retiringSince === undefined || key.removeAt === undefined) return key;
    const removeAtMs = Math.max(at(key.removeAt), at(key.retiringSince) + retireAfterMs);
    return { ...key, removeAt: timeOf(removeAtMs) };
  });
  return { ...rest, keys, overlap: overlapTimes.parse(declared), ...(isOver ? {} : { held: kept }) };
}
