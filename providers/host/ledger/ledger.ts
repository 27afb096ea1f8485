/**
 * The ledger as one host process has it: what earlier operations left that no saved state has confirmed, and a journal of its own, which
 * begins with the first thing that it intends. A process that changes nothing leaves no file.
 */
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { AuthnError, isAuthnError } from "../../errors.js";
import { bornAt } from "../alive.js";
import type { Clock } from "../lifecycle.js";
import { type Account, openAccount } from "./account.js";
import { contentsOf } from "./contents.js";
import type { EntrySubject, LedgerEntry } from "./entry.js";
import { isWritten, type JournalFile, journalPath, nextOrdinal, readJournals, removeJournals } from "./folder.js";
import { type Journal, openJournal, unwritable } from "./journal.js";
import { isHeld, type LedgerLock, lockHolderOf, lockLedger } from "./lock.js";
import type { LedgerScope } from "./place.js";
import { rewriteLedger } from "./rewrite.js";
import { nothingGiven, type Standing, standingOf } from "./standing.js";

export interface Ledger {
  /** What was left, as it was read; a diff, which changes nothing, waits for nobody. */
  readonly standing: Standing;
  /** The same once nobody else writes or sweeps it any more: to be awaited before anything is asked of a service. */
  settled(): Promise<Standing>;
  /** @param continued the entry that is gone on with, or the revision that something befalls; absent: a new one */
  account(about: EntrySubject, continued?: LedgerEntry | string): Account;
}

export interface LedgerHost {
  /** What the processes of one operation have in common. */
  readonly operation: string;
  /** Of this process; 0: the journal is never taken for one that is still written. */
  readonly pid: number;
  /** See `backendMark`. */
  readonly backend?: string | undefined;
  readonly clock: Clock;
  warn(line: string): void;
  /** Has something done in the moment that the process ends in order; it must not wait. */
  atEnd?(act: () => void): void;
}

// Longer than a host lives that has lost its engine.
const PATIENCE_MS = 20_000;
const POLL_MS = 50;
// Without `authn` nobody looks at the saved state after an operation; with it there is none of them by then.
const MOST_JOURNALS = 8;
const CLOSED_KEPT_MS = 30 * 24 * 3_600_000;

/** @throws AuthnError ERR_AUTHN_LEDGER where what earlier operations left can't be read */
export async function openLedger(folder: string, seed: Buffer, scope: LedgerScope, host: LedgerHost): Promise<Ledger> {
  const { operation, clock } = host;
  let earlier: readonly JournalFile[] = [];
  let standing: Standing;
  const given = nothingGiven();
  const look = (journals: readonly JournalFile[]): Standing => {
    earlier = journals;
    const nothingLeft = () => void clearAway(folder, journals, operation).catch(() => undefined);
    return standingOf(contentsOf(journals, seed, scope), { nothingLeft, backend: host.backend, given });
  };
  standing = look(await earlierJournals(folder, operation));
  for (const line of tornLines(earlier.filter((journal) => !isStillWritten(journal)))) host.warn(line);

  let locking: Promise<LedgerLock> | undefined;
  const lock = async (): Promise<LedgerLock> => {
    const taken = await lockLedger(folder, operation, clock, host.pid);
    host.atEnd?.(taken.releaseNow);
    return taken;
  };
  // One for all that comes at the same time; what failed is tried again by the next one.
  const locked = (): Promise<LedgerLock> => {
    locking ??= lock().catch((error: unknown) => {
      locking = undefined;
      throw isAuthnError(error) ? error : unwritable(folder, error);
    });
    return locking;
  };

  let waited: Promise<Standing> | undefined;
  const wait = async (): Promise<Standing> => {
    // Nothing was left: who begins later than this one is told by the lock.
    if (earlier.length === 0) return standing;
    await writersEnd(folder, operation, clock);
    // What is about to be gone on with, the sweep of another machine's last operation may be about to remove.
    await locked();
    const journals = await earlierJournals(folder, operation);
    if (!areSame(journals, earlier)) standing = look(journals);
    return standing;
  };
  const settled = (): Promise<Standing> => {
    // What failed is tried again by the next one: a lock may be free by then.
    waited ??= wait().catch((error: unknown) => {
      waited = undefined;
      throw isAuthnError(error) ? error : unwritable(folder, error);
    });
    return waited;
  };

  let begun: Promise<Journal> | undefined;
  const begin = async (): Promise<Journal> => {
    const { isOwn } = await locked();
    const journals = await readJournals(folder);
    const sisters = journals.filter(({ header }) => header?.operation === operation);
    const known = new Set(earlier.map(({ file }) => file));
    // A sister that begins at this moment has a file, and no header yet.
    const isForeign = ({ file, header }: JournalFile) =>
      header !== undefined && header.operation !== operation && !known.has(file);
    if (journals.some(isForeign)) throw overtaken();
    // A sister's journal must not be taken for one of before.
    if (isOwn && sisters.length === 0 && earlier.length >= MOST_JOURNALS) {
      const since = clock.now() - CLOSED_KEPT_MS;
      const keep = standing.unresolved().filter(({ status, atMs }) => status !== "closed" || atMs > since);
      await rewriteLedger(folder, seed, scope, keep, earlier);
    }
    return newJournal(folder, seed, scope, host, nextOrdinal(await readJournals(folder)));
  };
  const journal = (): Promise<Journal> => {
    begun ??= begin().catch((error: unknown) => {
      begun = undefined;
      throw isAuthnError(error) ? error : unwritable(folder, error);
    });
    return begun;
  };
  return {
    get standing() {
      return standing;
    },
    settled,
    account: (about, continued) =>
      openAccount({ ...about, backend: host.backend }, continued, {
        clock,
        append: async (record, payload, durable) => (await journal()).append(record, payload, durable),
        warn: host.warn,
        written: (revision) => standing.handOver(revision),
      }),
  };
}

async function earlierJournals(folder: string, operation: string): Promise<readonly JournalFile[]> {
  // An engine may get the port that a killed one had: of one operation are those alone whose processes live.
  const isSister = (journal: JournalFile) => journal.header?.operation === operation && isStillWritten(journal);
  return (await readJournals(folder)).filter((journal) => !isSister(journal));
}

/** Whether nothing was written, rewritten or taken away since: a journal only grows. */
function areSame(now: readonly JournalFile[], before: readonly JournalFile[]): boolean {
  const bytes = new Map(before.map((journal) => [journal.file, journal.bytes]));
  return now.length === before.length && now.every((journal) => bytes.get(journal.file) === journal.bytes);
}

function isStillWritten({ header }: JournalFile): boolean {
  return header !== undefined && isWritten(header);
}

async function writersEnd(folder: string, operation: string, clock: Clock): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += POLL_MS) {
    const written = (await earlierJournals(folder, operation)).find(isStillWritten)?.header;
    if (written === undefined) return;
    if (waitedMs >= PATIENCE_MS)
      throw new AuthnError({
        code: "ERR_AUTHN_LEDGER",
        what: `Process ${written.pid} of an earlier operation (${written.startedAt}) still writes the ledger`,
        remedy: "Wait until it ends, or end it; then run the command again",
      });
    await clock.sleep(POLL_MS);
  }
}

/** Files in which nothing matters; where another operation goes on, they are its own affair. */
async function clearAway(folder: string, journals: readonly JournalFile[], operation: string): Promise<void> {
  const holder = await lockHolderOf(folder);
  if (holder !== undefined && holder.operation !== operation && (await isHeld(folder, holder))) return;
  if (!journals.some(isStillWritten)) await removeJournals(journals.map(({ file }) => file));
}

function newJournal(folder: string, seed: Buffer, scope: LedgerScope, host: LedgerHost, ordinal: number): Journal {
  const id = randomUUID();
  const born = bornAt(host.pid);
  const draft = {
    ...{ host: id, project: scope.project, stack: scope.stack, ordinal, pid: host.pid, hostname: hostname() },
    ...{ startedAt: new Date(host.clock.now()).toISOString(), operation: host.operation },
    ...(born === undefined ? {} : { born }),
    ...(host.backend === undefined ? {} : { backend: host.backend }),
  };
  return openJournal(journalPath(folder, id), draft, seed);
}

function tornLines(journals: readonly JournalFile[]): readonly string[] {
  return journals
    .filter(({ tornBytes }) => tornBytes > 0)
    .map(
      ({ file, tornBytes }) =>
        `the last record of ${file} was cut off (${tornBytes} bytes): what it was to say is asked of the service, all before it is known`,
    );
}

function overtaken(): AuthnError {
  return new AuthnError({
    code: "ERR_AUTHN_LEDGER",
    what: "An earlier operation wrote to the ledger after this one had read it",
    remedy: "Run the command again",
  });
}
