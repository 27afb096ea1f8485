/** The lives of a ring's keys, folded from what its history says: those that are gone, those that stand, those to come. Pure. */
import { at, type HistoryEntry, type Ring, type RingEvent, type RingKey } from "../../../providers/baikal/ring/ring.js";

export type KeyState = RingKey["state"];

export interface Phase {
  readonly state: KeyState;
  /** Unix time in milliseconds. */
  readonly fromMs: number;
  /** Absent: beyond what is known. */
  readonly untilMs: number | undefined;
}

export interface KeyLife {
  readonly kid: string;
  /** Today's; absent: it is gone, or to come. */
  readonly state: KeyState | undefined;
  /** In the order of time, without gaps. */
  readonly phases: readonly Phase[];
}

/** What an event makes of its key; the others change no state. */
const outcomes: Readonly<Partial<Record<RingEvent, KeyState | "gone">>> = {
  created: "active",
  imported: "active",
  kept: "retiring",
  prepared: "prepared",
  promoted: "active",
  "promoted at once": "active",
  "rolled back": "active",
  removed: "gone",
  revoked: "gone",
};

/** @param coming entries of a projection */
export function livesOf(ring: Ring, coming: readonly HistoryEntry[]): readonly KeyLife[] {
  const lives = new Map<string, Phase[]>();
  const enter = (kid: string, state: KeyState | "gone", ms: number) => {
    const phases = lives.get(kid) ?? [];
    const last = phases.pop();
    if (last !== undefined) phases.push({ ...last, untilMs: last.untilMs ?? ms });
    if (state !== "gone") phases.push({ state, fromMs: ms, untilMs: undefined });
    lives.set(kid, phases);
  };
  let active: string | undefined;
  for (const { kid, event, at: time } of [...wholeHistory(ring), ...coming]) {
    const state = outcomes[event];
    if (kid === undefined || state === undefined) continue;
    if (state === "gone" && !lives.has(kid)) continue;
    if (state === "active") {
      if (active !== undefined && active !== kid) enter(active, "retiring", at(time));
      active = kid;
    }
    if (state === "gone" && kid === active) active = undefined;
    enter(kid, state, at(time));
  }
  return [...lives].map(([kid, phases]) => {
    return { kid, state: ring.keys.find((key) => key.kid === kid)?.state, phases };
  });
}

/** The history, with what its bound has cut off of keys that still stand. */
function wholeHistory({ keys, history }: Ring): readonly HistoryEntry[] {
  const lost = keys.flatMap(({ kid, createdAt, activatedAt, retiringSince, foreign }): HistoryEntry[] => {
    const isTold = (...events: RingEvent[]) =>
      history.some((entry) => entry.kid === kid && events.includes(entry.event));
    const birth: HistoryEntry[] = isTold("created", "imported", "kept", "prepared")
      ? []
      : [
          {
            at: foreign === true ? (retiringSince ?? createdAt) : createdAt,
            event: foreign === true ? "kept" : "prepared",
            kid,
          },
        ];
    const activation: HistoryEntry[] =
      activatedAt === undefined || isTold("created", "imported", "promoted", "promoted at once", "rolled back")
        ? []
        : [{ at: activatedAt, event: "promoted", kid }];
    return [...birth, ...activation];
  });
  return [...lost, ...history].sort((one, other) => at(one.at) - at(other.at));
}
