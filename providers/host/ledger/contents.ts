/** A ledger opened with its seed: every entry, or a clear account of why it can't be read. */
import { AuthnError } from "../../errors.js";
import { folded, type LedgerEntry, parsePayload } from "./entry.js";
import { type JournalFile, readJournals } from "./folder.js";
import { openRecord } from "./frame.js";
import { openHeader } from "./header.js";
import type { LedgerScope } from "./place.js";

export interface LedgerContents {
  /** In the order of their last records. */
  readonly entries: readonly LedgerEntry[];
  /** What was lost of damaged journals, in words; only where salvaging was asked for. */
  readonly damages: readonly string[];
  /** Which journals speak of each revision. */
  readonly files: ReadonlyMap<string, readonly string[]>;
}

export interface ReadOptions {
  /** Reads on past what is damaged, and tells of it, instead of refusing. */
  readonly salvage?: boolean;
}

/**
 * @param seed `authn:seed`, 32 bytes
 * @throws AuthnError ERR_AUTHN_LEDGER: another seed, another stack's, or damaged (names the file and how much of it is sound)
 */
export async function readLedger(
  folder: string,
  seed: Buffer,
  scope: LedgerScope,
  options: ReadOptions = {},
): Promise<LedgerContents> {
  return contentsOf(await readJournals(folder), seed, scope, options);
}

export function contentsOf(
  journals: readonly JournalFile[],
  seed: Buffer,
  scope: LedgerScope,
  { salvage = false }: ReadOptions = {},
): LedgerContents {
  const entries = new Map<string, LedgerEntry>();
  const files = new Map<string, readonly string[]>();
  const damages: string[] = [];
  const damaged = (journal: JournalFile, sound: number) => {
    if (!salvage) throw damage(journal, sound);
    damages.push(account(journal, sound));
  };
  for (const journal of journals) {
    const { file, header, line, records, damagedAt } = journal;
    if (header === undefined || line === undefined) {
      if (damagedAt !== undefined) damaged(journal, 0);
      continue;
    }
    const key = openHeader(header, line, { seed, scope, file });
    let sound = 0;
    for (const record of records) {
      const text = openRecord(record, key);
      const payload = text === undefined ? undefined : parsePayload(text);
      const entry = payload === undefined ? undefined : folded(entries.get(record.revision), record, payload);
      if (entry === undefined) continue;
      sound += 1;
      // Set anew, so that the order is that of the last records.
      entries.delete(record.revision);
      entries.set(record.revision, entry);
      files.set(record.revision, [...new Set([...(files.get(record.revision) ?? []), file])]);
    }
    if (sound < records.length || damagedAt !== undefined) damaged(journal, sound);
  }
  return { entries: [...entries.values()], damages, files };
}

function account({ file, records, damagedAt, header }: JournalFile, sound: number): string {
  if (header === undefined) return `${file} has no header that can be read`;
  const bad = records.length - sound;
  const parts = [
    `${sound} record(s) of ${file} are sound`,
    ...(bad > 0 ? [`${bad} can't be opened, or say nothing of what they are about`] : []),
    ...(damagedAt === undefined ? [] : [`from byte ${damagedAt} of its records on nothing can be read`]),
  ];
  return parts.join(", ");
}

function damage(journal: JournalFile, sound: number): AuthnError {
  return new AuthnError({
    code: "ERR_AUTHN_LEDGER",
    what: `The ledger is damaged: ${account(journal, sound)}`,
    remedy:
      "Restore the file from a backup; or `authn ledger forget --damaged` keeps the sound entries and sets the file aside: then compare what stands in the services with the state",
  });
}
