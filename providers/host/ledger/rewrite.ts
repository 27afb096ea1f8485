/** A ledger written anew: one journal of what is kept, then those of before go. Killed in between, both are there and say the same. */
import { randomUUID } from "node:crypto";
import { rename, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { kindOf, type LedgerEntry, payloadOf } from "./entry.js";
import { type JournalFile, journalPath, nextOrdinal, readJournals, removeJournals } from "./folder.js";
import { openJournal, syncFolder } from "./journal.js";
import type { LedgerScope } from "./place.js";

/**
 * To be called under the lock.
 * @param seed `authn:seed` that the new journal is sealed with, 32 bytes
 * @param journals those that are written anew; absent: all that are there
 * @param keep in the order in which they are to stand; none: no file is left
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
  if (keep.length > 0) {
    const host = randomUUID();
    const unfinished = `${journalPath(folder, host)}.unfinished`;
    const [backend, ...others] = new Set(keep.map((entry) => entry.backend));
    const draft = {
      ...{ host, project: scope.project, stack: scope.stack, ordinal: nextOrdinal(before), hostname: hostname() },
      ...{ pid: 0, startedAt: new Date().toISOString(), operation: "rewrite" },
      ...(backend === undefined || others.length > 0 ? {} : { backend }),
    };
    try {
      const journal = openJournal(unfinished, draft, seed);
      await Promise.all(
        keep.map((entry) => {
          const text = JSON.stringify(payloadOf(entry, { atMs: entry.atMs, about: entry }));
          return journal.append({ kind: kindOf(entry), revision: entry.revision }, text, true);
        }),
      );
      await rename(unfinished, journalPath(folder, host));
    } finally {
      await rm(unfinished, { force: true });
    }
    await syncFolder(folder);
  }
  await removeJournals(before.map(({ file }) => file));
}
