/** `authn ledger show`: the entries, decrypted: whose they are, how far they came and why they are there; nothing of a state. */
import { type LedgerEntry, outlineLedger } from "../../../providers/host/ledger/index.js";
import { type ExitCode, exitCode } from "../exit.js";
import { answer } from "../report/result.js";
import type { CommonOptions, Surroundings } from "../surroundings.js";
import { oneLine } from "../text.js";
import { openLedger, stateOf } from "./access.js";
import { judge } from "./judgement.js";
import { accessOf, withTenant } from "./opening.js";
import { heldRevisions } from "./saved-state.js";
import { reasonOf, subjectOf } from "./wording.js";

export interface ShownEntry {
  readonly type: string;
  readonly name: string;
  readonly declaredIn: string | undefined;
  /** The service's address, or the embedded tenant's id. */
  readonly service: string;
  readonly operation: string;
  readonly status: string;
  /** The open step. */
  readonly step: string | undefined;
  readonly id: string | undefined;
  /** ISO 8601 */
  readonly at: string;
  /** As a clause; undefined: the saved state confirms it, or nothing stands. */
  readonly unresolved: string | undefined;
  /** What may stand and no call finds. */
  readonly lost: string | undefined;
}

/** @throws AuthnError ERR_AUTHN_LEDGER for a wrong seed, another stack's ledger, a damaged one */
export function showEntries(options: CommonOptions, surroundings: Surroundings): Promise<ExitCode> {
  return answer(options, surroundings, async () => {
    const access = await accessOf(options, surroundings);
    const journals = await outlineLedger(access.place.folder);
    const entries =
      journals.length === 0 ? [] : await withTenant(access, async () => (await openLedger(access)).entries);
    const { resources } =
      access.situation.exists === false || journals.length === 0 ? { resources: [] } : await stateOf(access);
    const { settled } = judge(journals, heldRevisions(resources));
    const isSettled = ({ revision }: LedgerEntry) => settled.has(revision);
    if (!options.json) {
      const texts = entries.map((entry) => entryText(entry, isSettled(entry)));
      surroundings.stdout.write(`${texts.length === 0 ? "the ledger is empty" : texts.join("\n")}\n`);
    }
    return { code: exitCode.done, outputs: { entries: entries.map((entry) => shownEntry(entry, isSettled(entry))) } };
  });
}

export function shownEntry(entry: LedgerEntry, isSettled: boolean): ShownEntry {
  const { owner, service, operation, status, open, id, atMs, lost } = entry;
  return {
    type: owner.type,
    name: owner.name,
    declaredIn: owner.declaredIn,
    service,
    operation,
    status,
    step: open?.step,
    id,
    at: new Date(atMs).toISOString(),
    unresolved: isSettled ? undefined : reasonOf(entry),
    lost,
  };
}

export function entryText(entry: LedgerEntry, isSettled: boolean): string {
  const { id, service, at, unresolved, lost } = shownEntry(entry, isSettled);
  const details = [
    `${id === undefined ? "no id yet" : `id ${id}`}, ${service}, ${at}`,
    ...(lost === undefined ? [] : [lost]),
  ];
  const why = unresolved ?? "confirmed by the saved state, or gone";
  return [`${subjectOf(entry)}: ${why}`, ...details.map((detail) => `  ${oneLine(detail)}`)].join("\n");
}
