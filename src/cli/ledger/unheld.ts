/**
 * What becomes of the entries that no saved state confirms, once an operation has made all that is declared: what they made is held by
 * neither the state nor the declaration, unless the state has moved on past them. Pure.
 */
import { isElsewhere, type LedgerEntry } from "../../../providers/host/ledger/index.js";
import type { Judgement } from "./judgement.js";
import { type HeldResource, heldRevisions } from "./saved-state.js";

export interface Fates {
  /** They stand outside, or may, and nobody holds them. */
  readonly unheld: readonly LedgerEntry[];
  /** What the next operation still needs to know. */
  readonly kept: readonly LedgerEntry[];
  /** Of those kept, what has the id of a resource of another name that the state holds. */
  readonly shared: readonly { readonly entry: LedgerEntry; readonly holder: string }[];
  /** Of those kept, what an operation on another state made, which may hold it. */
  readonly elsewhere: readonly LedgerEntry[];
  /** Of those kept, what may stand and no call finds: a person has to look, and to say so. */
  readonly lost: readonly LedgerEntry[];
}

type Fate = "settled" | "kept" | "unheld" | "shared" | "elsewhere" | "lost";

/** @param backend which state the resources are of; absent: what every state's operations made is judged by this one */
export function fatesOf(
  entries: readonly LedgerEntry[],
  { settled, pending }: Pick<Judgement, "settled" | "pending">,
  resources: readonly HeldResource[],
  backend?: string,
): Fates {
  const held = heldRevisions(resources);
  const byId = new Map(resources.map((resource) => [idOf(resource.type, resource.id), resource.name]));
  const successors = new Map(entries.flatMap((entry) => (entry.base === undefined ? [] : [[entry.base, entry]])));
  const holderOf = ({ id, owner }: LedgerEntry) => (id === undefined ? undefined : byId.get(idOf(owner.type, id)));

  const fateOf = (entry: LedgerEntry): Fate => {
    const { revision } = entry;
    if (pending.has(revision)) return "kept";
    if (settled.has(revision)) return "settled";
    const fate = fateHere(entry);
    const isUpToHere = fate === "settled" || fate === "kept";
    return isElsewhere(entry, backend) && !isUpToHere ? "elsewhere" : fate;
  };
  const fateHere = (entry: LedgerEntry): Fate => {
    const { revision, base, owner } = entry;
    // Gone, and this state doesn't hold it: it is told apart for another one's sake.
    if (entry.status === "closed") return "elsewhere";
    const successor = successors.get(revision);
    if (successor !== undefined) {
      // The same thing outside, which a later entry knows better: what is done about that is done about this.
      const fate = fateOf(successor);
      if (fate === "elsewhere") return fate;
      return fate === "settled" || fate === "unheld" ? "settled" : "kept";
    }
    // An update that the state hasn't seen: the next `up` goes on from it.
    if (base !== undefined && held.has(base)) return "kept";
    // Begun, and nothing that has a name was made.
    if (entry.id === undefined) return entry.lost === undefined ? "settled" : "lost";
    const holder = holderOf(entry);
    if (holder === undefined) return "unheld";
    return holder === owner.name ? "settled" : "shared";
  };

  const fates = entries.map((entry) => ({ entry, fate: fateOf(entry) }));
  const withFate = (...wanted: readonly Fate[]) =>
    fates.filter(({ fate }) => wanted.includes(fate)).map(({ entry }) => entry);
  return {
    unheld: withFate("unheld"),
    kept: withFate("kept", "shared", "elsewhere", "lost"),
    shared: withFate("shared").map((entry) => ({ entry, holder: holderOf(entry) ?? "" })),
    elsewhere: withFate("elsewhere"),
    lost: withFate("lost"),
  };
}

function idOf(type: string, id: string): string {
  return `${type} ${id}`;
}
