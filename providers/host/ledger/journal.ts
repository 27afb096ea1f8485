/**
 * A journal as its one process writes it: appended only. A record stands in the file as soon as it is given, without a turn of the event
 * loop; those that have to reach the disk share their syncs: all that come while one is under way wait for the next. What can't be written
 * whole is taken back, so that the records before stay readable.
 */
import { channel } from "node:diagnostics_channel";
import fs, { constants } from "node:fs";
import { type FileHandle, mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import { AuthnError } from "../../errors.js";
import { type PlainRecord, sealRecord } from "./frame.js";
import { type HeaderDraft, type JournalKey, newHeader } from "./header.js";

export interface Journal {
  /**
   * Resolves once the record is written, and has reached the disk where it is `durable`: what must survive a loss of power, not only of
   * the process.
   * @throws AuthnError ERR_AUTHN_LEDGER where it can't be written: then it isn't
   */
  append(record: PlainRecord, payload: string, durable: boolean): Promise<void>;
}

interface Waiting {
  readonly record: PlainRecord;
  resolve(): void;
  reject(error: unknown): void;
}

interface Opened {
  readonly handle: FileHandle;
  readonly key: JournalKey;
}

/** For whoever watches from outside: `{ moment, kind, revision }` of each record, around its write and its sync. */
const observers = channel("pulumi-authn:ledger");
type Moment = "before write" | "after write" | "after sync";

/** How long a file is kept open that nobody writes to: opening it for each record would take longer than writing it. */
const IDLE_MS = 250;

/** @param file made, with the folders above it, at the first record; its name is nobody else's */
export function openJournal(file: string, draft: HeaderDraft, seed: Buffer): Journal {
  let key: JournalKey | undefined;
  let handle: FileHandle | undefined;
  let opening: Promise<Opened> | undefined;
  let closing: NodeJS.Timeout | undefined;
  let bytes = 0;
  let sequence = 0;
  let unsynced: Waiting[] = [];
  let isSyncing = false;
  let broken: AuthnError | undefined;

  /** Half a record would make all behind it unreadable. */
  const appendWhole = ({ fd }: FileHandle, content: Buffer) => {
    const from = bytes;
    try {
      bytes = writeWhole(fd, content, from);
    } catch (error) {
      try {
        fs.ftruncateSync(fd, from);
      } catch (cause) {
        broken = unwritable(file, cause);
      }
      throw error;
    }
  };
  const begin = async (): Promise<Opened> => {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    handle ??= await open(file, constants.O_CREAT | constants.O_TRUNC | constants.O_WRONLY, 0o600);
    const header = newHeader(draft, seed);
    appendWhole(handle, Buffer.from(header.line));
    await syncFolder(dirname(file));
    key = header.key;
    return { handle, key };
  };
  const again = async (known: JournalKey): Promise<Opened> => {
    handle = await open(file, constants.O_WRONLY);
    return { handle, key: known };
  };
  const opened = (): Opened | Promise<Opened> => {
    if (handle !== undefined && key !== undefined) return { handle, key };
    opening ??= (key === undefined ? begin() : again(key)).finally(() => {
      opening = undefined;
    });
    return opening;
  };
  const close = () => {
    if (isSyncing) {
      closing?.refresh();
      return;
    }
    const idle = handle;
    handle = undefined;
    // All that matters has been synced.
    void idle?.close().catch(() => undefined);
  };

  const write = (record: PlainRecord, payload: string, { handle: current, key: sealing }: Opened) => {
    // What is written to a file without a name, nobody will ever read.
    if (fs.fstatSync(current.fd).nlink === 0) throw new Error("it was taken away while it was written");
    const sealed = sealRecord(record, payload, sequence, sealing);
    tell("before write", record);
    appendWhole(current, sealed);
    sequence += 1;
    tell("after write", record);
    if (closing === undefined) closing = setTimeout(close, IDLE_MS).unref();
    else closing.refresh();
  };
  const sync = async (current: FileHandle) => {
    isSyncing = true;
    while (unsynced.length > 0) {
      const group = unsynced;
      unsynced = [];
      try {
        if (broken !== undefined) throw broken;
        await current.datasync();
        for (const { record, resolve } of group) {
          tell("after sync", record);
          resolve();
        }
      } catch (error) {
        // What a failed sync has kept, nobody knows; nor does a second one tell.
        broken ??= unwritable(file, error);
        for (const { reject } of group) reject(broken);
      }
    }
    isSyncing = false;
  };

  return {
    append: async (record, payload, durable) => {
      let current: Opened;
      try {
        current = await opened();
        if (broken !== undefined) throw broken;
        write(record, payload, current);
      } catch (error) {
        throw error === broken ? error : unwritable(file, error);
      }
      if (!durable) return;
      await new Promise<void>((resolve, reject) => {
        unsynced.push({ record, resolve, reject });
        if (!isSyncing) void sync(current.handle);
      });
    },
  };
}

function tell(moment: Moment, { kind, revision }: PlainRecord): void {
  if (observers.hasSubscribers) observers.publish({ moment, kind, revision });
}

function writeWhole(fd: number, bytes: Buffer, position: number): number {
  let written = 0;
  while (written < bytes.length) {
    const bytesWritten = fs.writeSync(fd, bytes, written, bytes.length - written, position + written);
    if (bytesWritten === 0) throw new Error("nothing more could be written");
    written += bytesWritten;
  }
  return position + written;
}

/** A new file is found again after a loss of power only where its folder was written too. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY).catch(() => undefined);
  try {
    await handle?.sync();
  } catch {
    // Not every system syncs a folder.
  } finally {
    await handle?.close();
  }
}

export function unwritable(file: string, cause: unknown): AuthnError {
  const reason =
    cause instanceof AuthnError ? cause.what : cause instanceof Error ? cause.message : "it can't be written";
  return new AuthnError({
    code: "ERR_AUTHN_LEDGER",
    what: `The ledger ${file} can't be written, so the step was not begun: ${reason}`,
    remedy: "Make room, or name a folder that can be written (authn:ledger); then run the command again",
    cause,
  });
}
