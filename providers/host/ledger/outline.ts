/** What can be told of a ledger without the seed: which revisions it knows, how far each came, and what a saved state says to that. */

import { type EntryStatus, statusOf } from "./entry.js";
import { isWritten, type JournalFile, journalFiles, readJournals } from "./folder.js";
import type { JournalHeader } from "./header.js";

export interface JournalOutline {
  readonly file: string;
  readonly bytes: number;
  /** undefined: it can't be read. */
  readonly header: JournalHeader | undefined;
  /** By revision. */
  readonly entries: ReadonlyMap<string, EntryStatus>;
  readonly tornBytes: number;
  /** Where something stands in the file that is no record, in bytes after its header. */
  readonly damagedAt: number | undefined;
  /** The process that writes it lives. */
  readonly isAlive: boolean;
}

/** In the journals' order: of a revision that two know, the later one's status counts. */
export async function outlineLedger(folder: string): Promise<readonly JournalOutline[]> {
  return (await readJournals(folder)).map(outlineOf);
}

/** Whether there is anything at all; a no-op asks no more. */
export async function isLedgerEmpty(folder: string): Promise<boolean> {
  return (await journalFiles(folder)).length === 0;
}

export function outlineOf({ file, bytes, header, records, tornBytes, damagedAt }: JournalFile): JournalOutline {
  const entries = new Map(records.map(({ kind, revision }) => [revision, statusOf(kind)]));
  return { file, bytes, header, entries, tornBytes, damagedAt, isAlive: header !== undefined && isWritten(header) };
}

/** What a saved state that holds these revisions leaves of an entry: true where it still matters. */
export function isUnresolved(status: EntryStatus, isHeld: boolean): boolean {
  // What is held and gone outside has to be made again; what isn't held and stands outside has to be taken over, or to go.
  return isHeld ? status === "deleting" || status === "closed" : status !== "closed";
}
