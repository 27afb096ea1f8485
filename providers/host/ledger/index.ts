/** What the command line uses of the ledger. */

export { loggedInBackend, pulumiHome } from "./address.js";
export { backendMark } from "./backend.js";
export { type LedgerContents, readLedger } from "./contents.js";
export { type EntryStatus, isElsewhere, type LedgerEntry } from "./entry.js";
export { removeJournals } from "./folder.js";
export { isHeld, type LedgerLock, lockHolderOf, lockLedger, lockPath } from "./lock.js";
export { isLedgerEmpty, isUnresolved, type JournalOutline, outlineLedger } from "./outline.js";
export { type LedgerScope, ledgerFolder, stateBeside } from "./place.js";
export { revisionOf } from "./revision.js";
export { rewriteLedger } from "./rewrite.js";
