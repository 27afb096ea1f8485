/** What is said of a ledger's entries: names, places and steps, never a value of a state. */
import type { EntryStatus, LedgerEntry } from "../../../providers/host/ledger/index.js";
import { oneLine } from "../text.js";

/** `KeyriPublicKey ada/phone (ada in people/people.yaml)` */
export function subjectOf({ owner: { type, name, declaredIn } }: LedgerEntry): string {
  return oneLine(`${type} ${name}${declaredIn === undefined ? "" : ` (${declaredIn})`}`);
}

/** How it came to be in the ledger still, as a clause. */
export function reasonOf({ operation, status, open }: LedgerEntry): string {
  const step = open === undefined ? "" : ` at step ${oneLine(open.step)}`;
  const reasons: Readonly<Record<EntryStatus, string>> = {
    open: `its ${operation} was cut off${step}`,
    done: `its ${operation} was finished, and no saved state holds it`,
    deleting: "its delete was cut off",
    closed: "it is deleted, and the saved state still holds it",
  };
  return reasons[status];
}

/** Of one that the sweep leaves: removing it would take away what is declared. */
export function sharedText(entry: LedgerEntry, holder: string): string {
  return `kept ${subjectOf(entry)} in the ledger: ${oneLine(holder)}, which the state holds, has the same id; look at it, then \`authn ledger forget ${oneLine(entry.owner.name)}\``;
}

/** Of those that the sweep leaves to the operations on the state that may hold them. */
export function elsewhereText(entries: readonly LedgerEntry[]): string {
  const [first, ...others] = entries.map(subjectOf);
  const more = others.length === 0 ? "" : ` and ${others.length} more`;
  return `kept ${first}${more} in the ledger: made for another state (PULUMI_BACKEND_URL) of this project and stack, where the next operation sees to it; if that state was moved or is lost, \`authn ledger sweep --any-backend\` lists what this one doesn't hold`;
}

/** Of one whose request's answer is lost. */
export function lostText(entry: LedgerEntry): string {
  return `warning: ${subjectOf(entry)}: ${oneLine(entry.lost ?? "")}; look for it, then \`authn ledger forget ${oneLine(entry.owner.name)}\``;
}
