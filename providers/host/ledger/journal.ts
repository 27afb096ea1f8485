/**
 * A journal as its one process writes it: appended only, by groups. All that comes while a write is under way goes out together with
 * the next one, and shares its sync. What can't be written whole is taken back, so that the records before stay readable.
 */
import { channel } from "node:diagnostics_channel";
import { constants } from "node:fs";
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

interface Waiting extends PlainRecord {
  readonly payload: string;
  readonly durable: boolean;
  resolve(): void;
  reject(error: unknown): void;
}

/** For whoever watches from outside: `{ moment, kind, revision }` of each record, around its write and its sync. */
const observers = channel("pulumi-authn:ledger");
type Moment = "before write" | "after write" | "after sync";

/** How long a file is kept open that nobody writes to. */
const IDLE_MS = 250;

/** @param file made, with the folders above it, at the first record; its name is nobody else's */
export function openJournal(file: string, draft: HeaderDraft, seed: Buffer): Journal {
  let waiting: Waiting[] = [];
  let flushing = false;
  let key: JournalKey | undefined;
  let handle: FileHandle | undefined;
  let bytes = 0;
  let sequence = 0;
  let broken: AuthnError | undefined;
  let closing: NodeJS.Timeout | undefined;

  const opened = async (): Promise<{ readonly handle: FileHandle; readonly key: JournalKey }> => {
    if (key !== undefined) {
      handle ??= await open(file, constants.O_WRONLY);
      // What is written to a file without a name, nobody will ever read.
      if ((await handle.stat()).nlink === 0) throw new Error("it was taken away while it was written");
      return { handle, key };
    }
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    handle ??= await open(file, constants.O_CREAT | constants.O_TRUNC | constants.O_WRONLY, 0o600);
    const header = newHeader(draft, seed);
    bytes = await writeWhole(handle, Buffer.from(header.line), 0);
    await syncFolder(dirname(file));
    key = header.key;
    return { handle, key };
  };

  const write = async (group: readonly Waiting[]) => {
    if (broken !== undefined) throw broken;
    let from = bytes;
    try {
      const current = await opened();
      from = bytes;
      const sealed = group.map((record, index) => sealRecord(record, record.payload, sequence + index, current.key));
      tell("before write", group);
      bytes = await writeWhole(current.handle, Buffer.concat(sealed), from);
      sequence += group.length;
      tell("after write", group);
    } catch (error) {
      const failure = unwritable(file, error);
      // Without this, the next record would stand behind half a one, and neither could be read.
      await handle?.truncate(from).catch((cause: unknown) => {
        broken = unwritable(file, cause);
      });
      bytes = from;
      throw failure;
    }
    const settled = group.filter(({ durable }) => !durable);
    for (const { resolve } of settled) resolve();
    if (settled.length === group.length) return;
    try {
      await handle?.datasync();
    } catch (error) {
      // What a failed sync has kept, nobody knows; nor does a second one tell.
      broken = unwritable(file, error);
      throw broken;
    }
    tell("after sync", group);
  };

  const flush = async () => {
    flushing = true;
    clearTimeout(closing);
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      try {
        await write(group);
        for (const { resolve } of group) resolve();
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    flushing = false;
    // Records come in bursts: opening the file for each would take longer than writing them.
    closing = setTimeout(close, IDLE_MS).unref();
  };
  const close = () => {
    const idle = handle;
    handle = undefined;
    // All that matters has been synced.
    void idle?.close().catch(() => undefined);
  };

  return {
    append: ({ kind, revision }, payload, durable) =>
      new Promise((resolve, reject) => {
        waiting.push({ kind, revision, payload, durable, resolve, reject });
        if (!flushing) void flush();
      }),
  };
}

function tell(moment: Moment, group: readonly Waiting[]): void {
  if (!observers.hasSubscribers) return;
  for (const { kind, revision } of group) observers.publish({ moment, kind, revision });
}

async function writeWhole(handle: FileHandle, bytes: Buffer, position: number): Promise<number> {
  let written = 0;
  while (written < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, position + written);
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
