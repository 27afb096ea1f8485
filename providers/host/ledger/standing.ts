/**
 * What earlier operations left in the ledger, less what a saved state was seen to hold since. In memory; the files
 * go once nothing in them matters any more.
 */
import type { Owner } from "../inputs.js";
import type { LedgerContents } from "./contents.js";
import { isElsewhere, type LedgerEntry } from "./entry.js";

export interface Standing {
  /** The entry that a create goes on with: the last of this owner and these inputs. It is given once. */
  takeUp(owner: Owner, fingerprint: string): LedgerEntry | undefined;
  /** What else the owner left at this service, for this state: it goes before anything new is made. Given once. */
  leftovers(owner: Owner, service: string): readonly LedgerEntry[];
  /** The entry that knows more than the state of this revision. */
  ahead(revision: string): LedgerEntry | undefined;
  /** What stood under this revision was deleted, or was going to be. */
  isGone(revision: string): boolean;
  /** Certainly. */
  isClosed(revision: string): boolean;
  /** A saved state holds this revision. */
  confirm(revision: string): void;
  /** This operation wrote it, or gave it to the engine: as long as it runs, seeing it says nothing of what is saved. */
  handOver(revision: string): void;
  /** A create of this operation went on with it: what the state has under this name is that very thing. */
  isTaken(revision: string): boolean;
  /** All that still matters. */
  unresolved(): readonly LedgerEntry[];
}

/** What an operation has done with entries so far; it stays when the files are read once more. */
export interface Given {
  /** Revisions that it wrote, or gave to the engine or to a create. */
  readonly handed: Set<string>;
  /** Those that a create goes on with. */
  readonly taken: Set<string>;
}

export interface StandingHost {
  /** Called once no entry matters any more, and this operation has written none. */
  nothingLeft(): void;
  /** See `backendMark`. */
  readonly backend?: string | undefined;
  readonly given?: Given;
}

export const nothingGiven = (): Given => ({ handed: new Set(), taken: new Set() });

export function standingOf({ entries }: Pick<LedgerContents, "entries">, host: StandingHost): Standing {
  const { handed, taken } = host.given ?? nothingGiven();
  const byRevision = new Map(entries.map((entry) => [entry.revision, entry]));
  const standing = entries.filter(({ status }) => status === "open" || status === "done");
  const byBase = new Map(standing.flatMap((entry) => (entry.base === undefined ? [] : [[entry.base, entry] as const])));
  const byOwner = new Map<string, LedgerEntry[]>();
  for (const entry of entries) {
    const key = ownerKey(entry.owner);
    const others = byOwner.get(key);
    if (others === undefined) byOwner.set(key, [entry]);
    else others.push(entry);
  }
  const drop = (revision: string) => {
    const entry = byRevision.get(revision);
    if (entry === undefined) return;
    byRevision.delete(revision);
    if (entry.base !== undefined) drop(entry.base);
  };
  const open = (owner: Owner) =>
    (byOwner.get(ownerKey(owner)) ?? []).filter(
      ({ revision, status, id, lost }) =>
        status !== "closed" &&
        byRevision.has(revision) &&
        !handed.has(revision) &&
        (id !== undefined || lost !== undefined),
    );
  const give = (entry: LedgerEntry) => {
    handed.add(entry.revision);
    return entry;
  };
  const knowsMore = (revision: string) => {
    const entry = byBase.get(revision);
    return entry?.state !== undefined && byRevision.has(entry.revision) ? entry : undefined;
  };
  return {
    takeUp(owner, fingerprint) {
      const found = open(owner).findLast((entry) => entry.fingerprint === fingerprint);
      if (found === undefined) return undefined;
      taken.add(found.revision);
      return give(found);
    },
    leftovers: (owner, service) =>
      open(owner)
        .filter((entry) => entry.id !== undefined && entry.service === service && !isElsewhere(entry, host.backend))
        .map(give),
    ahead(revision) {
      let last: LedgerEntry | undefined;
      for (let next = knowsMore(revision); next !== undefined; next = knowsMore(next.revision)) last = next;
      return last;
    },
    isGone(revision) {
      const status = byRevision.get(revision)?.status;
      return status === "deleting" || status === "closed";
    },
    isClosed: (revision) => byRevision.get(revision)?.status === "closed",
    confirm(revision) {
      const status = byRevision.get(revision)?.status;
      if ((status !== "open" && status !== "done") || handed.has(revision)) return;
      drop(revision);
      // All or nothing: were one of several files to go, an earlier one that stays would be believed again.
      if (byRevision.size === 0 && handed.size === 0) host.nothingLeft();
    },
    handOver: (revision) => void handed.add(revision),
    isTaken: (revision) => taken.has(revision),
    unresolved: () => [...byRevision.values()],
  };
}

function ownerKey({ type, name, parent }: Owner): string {
  return JSON.stringify([type, name, parent]);
}
