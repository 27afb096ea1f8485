/** What the command line uses of the ledger. */

export { backendMark } from "./backend.js";
export { type LedgerContents, readLedger } from "./contents.js";
export type { EntryStatus, LedgerEntry } from "./entry.js";
export { removeJournals } from "./folder.js";
export { isHeld, type LedgerLock, lockHolderOf, lockLedger, lockPath } from "./lock.js";
export { isLedgerEmpty, isUnresolved, type JournalOutline, outlineLedger } from "./outline.js";
export { type LedgerScope, ledgerFolder } from "./place.js";
export { revisionOf } from "./revision.js";
export { rewriteLedger } from "./rewrite.js";
