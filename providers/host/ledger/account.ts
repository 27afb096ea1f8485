/** One resource's part of the ledger while a method of it runs: what is intended, what was reached, how it ended. */
import type { Clock } from "../lifecycle.js";
import { type EntrySubject, type LedgerEntry, type Properties, payloadOf, type Reached } from "./entry.js";
import { newRevision, type PlainRecord } from "./frame.js";

export interface Account {
  /** What the state is to carry; undefined: nothing was written, and it keeps what it has. */
  readonly revision: string | undefined;
  /**
   * To be awaited before the step begins.
   * @param durable it must survive a loss of power too; the first record always does
   * @throws AuthnError ERR_AUTHN_LEDGER where it can't be written: then the step must not begin
   */
  intend(kind: "intent" | "deleting", reached: Reached, durable: boolean): Promise<void>;
  /** What all that was intended came to. Where that can't be written, what the service has tells it as well: that is only told. */
  settle(reached: Reached): Promise<void>;
  /** Nothing stands outside any more. */
  close(): Promise<void>;
}

/** Where there is no ledger. */
export const noAccount: Account = {
  revision: undefined,
  intend: () => Promise.resolve(),
  settle: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

export interface AccountSurroundings {
  readonly clock: Pick<Clock, "now">;
  append(record: PlainRecord, payload: string, durable: boolean): Promise<void>;
  warn(line: string): void;
  /** The revision is this operation's from now on. */
  written(revision: string): void;
}

/** @param continued the entry that is gone on with, or the revision that something befalls */
export function openAccount(
  about: EntrySubject,
  continued: LedgerEntry | string | undefined,
  { clock, append, warn, written }: AccountSurroundings,
): Account {
  const known = typeof continued === "string" ? continued : continued?.revision;
  let revision = known;
  let before: Properties | undefined;
  let isWritten = false;

  const record = async (kind: PlainRecord["kind"], reached: Reached, durable: boolean) => {
    revision ??= newRevision();
    const payload = payloadOf(reached, {
      atMs: clock.now(),
      ...(isWritten ? { before } : { about }),
    });
    await append({ kind, revision }, JSON.stringify(payload), durable || !isWritten);
    isWritten = true;
    before = reached.state ?? before;
    written(revision);
  };
  /** After the fact: what can't be written any more, the service tells. */
  const settled = async (kind: PlainRecord["kind"], reached: Reached) => {
    try {
      await record(kind, reached, false);
    } catch (error) {
      warn(
        `${about.owner.type} ${about.owner.name}: ${error instanceof Error ? error.message : "the ledger can't be written"}`,
      );
    }
  };
  return {
    get revision() {
      return isWritten ? revision : known;
    },
    intend: record,
    async settle(reached) {
      if (isWritten) await settled(reached.open === undefined ? "done" : "reached", reached);
    },
    async close() {
      if (isWritten || known !== undefined) await settled("closed", {});
    },
  };
}
