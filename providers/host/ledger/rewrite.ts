/**
 * A ledger written anew: what is kept, in one journal for each state that it was made for, since a journal's header says whose it is;
 * then those of before go. Killed in between, both are there and say the same.
 */
import { randomUUID } from "node:crypto";
import { rename, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { kindOf, type LedgerEntry, payloadOf } from "./entry.js";
import { type JournalFile, journalPath, nextOrdinal, readJournals, removeJournals } from "./folder.js";
import type { HeaderDraft } from "./header.js";
import { openJournal, syncFolder } from "./journal.js";
import type { LedgerScope } from "./place.js";

/**
 * To be called under the lock.
 * @param seed `authn:seed` that the new journals are sealed with, 32 bytes
 * @param journals those that are written anew; absent: all that are there
 * @param keep in the order in which those of one state are to stand; none: no file is left
 * @throws AuthnError ERR_AUTHN_LEDGER where it can't be written; then all is as before
 */
export async function rewriteLedger(
  folder: string,
  seed: Buffer,
  scope: LedgerScope,
  keep: readonly LedgerEntry[],
  journals?: readonly JournalFile[],
): Promise<void> {
  const before = journals ?? (await readJournals(folder));
  const first = nextOrdinal(before);
  const parts = byState(keep).map((entries, index) => {
    const draft = draftOf(scope, first + index, entries[0]?.backend);
    const file = journalPath(folder, draft.host);
    return { draft, entries, file, unfinished: `${file}.unfinished` };
  });
  try {
    for (const { unfinished, draft, entries } of parts) await write(unfinished, draft, seed, entries);
    for (const { unfinished, file } of parts) await rename(unfinished, file);
  } finally {
    await Promise.all(parts.map(({ unfinished }) => rm(unfinished, { force: true })));
  }
  if (parts.length > 0) await syncFolder(folder);
  await removeJournals(before.map(({ file }) => file));
}

/** The state of the last entry comes last: of two that are alike, the later one counts. */
function byState(entries: readonly LedgerEntry[]): readonly (readonly LedgerEntry[])[] {
  const parts = new Map<string | undefined, LedgerEntry[]>();
  for (const entry of entries) {
    const part = parts.get(entry.backend) ?? [];
    part.push(entry);
    parts.delete(entry.backend);
    parts.set(entry.backend, part);
  }
  return [...parts.values()];
}

function draftOf({ project, stack }: LedgerScope, ordinal: number, backend: string | undefined): HeaderDraft {
  return {
    ...{ host: randomUUID(), project, stack, ordinal, hostname: hostname() },
    ...{ pid: 0, startedAt: new Date().toISOString(), operation: "rewrite" },
    ...(backend === undefined ? {} : { backend }),
  };
}

async function write(file: string, draft: HeaderDraft, seed: Buffer, entries: readonly LedgerEntry[]): Promise<void> {
  const journal = openJournal(file, draft, seed);
  await Promise.all(
    entries.map((entry) => {
      const text = JSON.stringify(payloadOf(entry, { atMs: entry.atMs, about: entry }));
      return journal.append({ kind: kindOf(entry), revision: entry.revision }, text, true);
    }),
  );
}
