/**
 * The ledger after an operation: what the saved state holds is dropped from it, without the seed; after one that succeeded, what
 * nobody holds is removed. Where there is no journal, it costs one look at a folder.
 */
import {
  isLedgerEmpty,
  lockHolderOf,
  outlineLedger,
  removeJournals,
  rewriteLedger,
} from "../../../providers/host/ledger/index.js";
import { isUnderWay } from "../preparation.js";
import type { Failure } from "../report/failures.js";
import { type LedgerAccess, openLedger, stateOf, withLedger } from "./access.js";
import { otherHolder } from "./holder.js";
import { judge } from "./judgement.js";
import { heldRevisions } from "./saved-state.js";
import { sweep } from "./sweep.js";
import { fatesOf } from "./unheld.js";
import { subjectOf } from "./wording.js";

export interface Settlement {
  readonly failures: readonly Failure[];
  /** Nothing is left that no saved state confirms. */
  readonly resolved: boolean;
}

export const nothingLeft: Settlement = { failures: [], resolved: true };
export const unsettled: Settlement = { failures: [], resolved: false };

/** @throws AuthnError ERR_AUTHN_LEDGER where it can't be read, or is another operation's */
export async function settleLedger(
  access: LedgerAccess,
  { sweeps }: { readonly sweeps: boolean },
): Promise<Settlement> {
  const { place, situation, surroundings, report } = access;
  const othersSettle = async () => {
    // Another engine has begun meanwhile: what no state holds yet is its own, or it settles that at its end.
    const isOthers = await isUnderWay(situation, surroundings);
    if (isOthers) report("another operation is under way: it settles the ledger");
    return isOthers;
  };
  if (await isLedgerEmpty(place.folder)) {
    await releaseDeadLock(access);
    return nothingLeft;
  }
  if (await othersSettle()) return unsettled;
  return await withLedger(access, async () => {
    if (await othersSettle()) return unsettled;
    const { resources } = await stateOf(access);
    const journals = await outlineLedger(place.folder);
    const judgement = judge(journals, heldRevisions(resources), place.backend);
    const { unresolved, pending, finished } = judgement;
    await removeJournals(finished);
    const isDamaged = journals.some(({ damagedAt }) => damagedAt !== undefined);
    const isResolved = unresolved.size === 0 && !isDamaged;
    if (isResolved) return { failures: [], resolved: pending.size === 0 };
    if (!sweeps) {
      await dropSettled(access, judgement.settled);
      return unsettled;
    }
    const contents = await openLedger(access);
    const fates = fatesOf(contents.entries, judgement, resources, place.backend);
    const unremoved = await sweep(access, contents, fates);
    return {
      failures: unremoved.map(({ entry, reason }) => ({
        where: `${subjectOf(entry)}, in the ledger`,
        message: reason,
      })),
      resolved: fates.kept.length === fates.elsewhere.length && unremoved.length === 0,
    };
  });
}

/** What a saved state has confirmed must not be believed again once that lets go of it, beside what an operation that failed left open. */
async function dropSettled(access: LedgerAccess, settled: ReadonlySet<string>): Promise<void> {
  const { place } = access;
  const journals = await outlineLedger(place.folder);
  if (journals.some(({ isAlive, damagedAt }) => isAlive || damagedAt !== undefined)) return;
  // Why it can't be opened, whoever needs it says.
  const known = await openLedger(access).catch(() => undefined);
  if (known === undefined) return;
  const { seed, entries } = known;
  const left = entries.filter(({ revision }) => !settled.has(revision));
  if (left.length < entries.length) await rewriteLedger(place.folder, seed, place.scope, left);
}

/** Of a dead operation on this machine: another machine couldn't tell, and would be stopped by it. */
async function releaseDeadLock(access: LedgerAccess): Promise<void> {
  const { folder } = access.place;
  const isLeft = (await lockHolderOf(folder)) !== undefined && (await otherHolder(folder)) === undefined;
  if (isLeft) await withLedger(access, () => Promise.resolve());
}
