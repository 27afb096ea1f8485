/**
 * A ledger held against a saved state, without the seed: what the state confirms, what it holds though it is gone, and what it
 * doesn't know. Pure.
 */
import {
  type EntryStatus,
  isElsewhere,
  isUnresolved,
  type JournalOutline,
} from "../../../providers/host/ledger/index.js";

export interface Judgement {
  /** By revision; of what two journals know, the later one counts. */
  readonly statuses: ReadonlyMap<string, EntryStatus>;
  /** Nothing is left to do about them: the state holds them, or nothing stands. */
  readonly settled: ReadonlySet<string>;
  /** The state holds them, and outside they are gone, or going: the next operation sees to it. */
  readonly pending: ReadonlySet<string>;
  /** They are gone, and another state may hold them: its next operation has to know. */
  readonly others: ReadonlySet<string>;
  /** They may stand outside, and no state knows them. */
  readonly unresolved: ReadonlySet<string>;
  /** The journals that have nothing more to say, and that nobody writes. */
  readonly finished: readonly string[];
}

/**
 * @param held the revisions in the saved state
 * @param backend which state that is; absent: every journal is judged by it
 */
export function judge(
  journals: readonly JournalOutline[],
  held: ReadonlySet<string>,
  backend?: string | undefined,
): Judgement {
  const statuses = new Map(journals.flatMap(({ entries }) => [...entries]));
  const settled = new Set<string>();
  const pending = new Set<string>();
  const others = new Set<string>();
  const unresolved = new Set<string>();
  const elsewhere = new Set(
    journals.flatMap(({ header, entries }) => (isElsewhere(header ?? {}, backend) ? [...entries.keys()] : [])),
  );
  for (const [revision, status] of statuses) {
    const isHeld = held.has(revision);
    if (isUnresolved(status, isHeld)) (isHeld ? pending : unresolved).add(revision);
    else (status === "closed" && elsewhere.has(revision) ? others : settled).add(revision);
  }
  const finished: string[] = [];
  const kept = new Set<string>();
  for (const { file, entries, isAlive, damagedAt } of journals) {
    const revisions = [...entries.keys()];
    // Without the later journal's word, an earlier one that stays would be believed again.
    const isDone = revisions.every((revision) => settled.has(revision) && !kept.has(revision));
    if (isDone && !isAlive && damagedAt === undefined) finished.push(file);
    else for (const revision of revisions) kept.add(revision);
  }
  return { statuses, settled, pending, others, unresolved, finished };
}
