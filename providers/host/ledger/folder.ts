/** The journals of a stack's ledger as they lie in its folder: which there are, in which order, and whether their processes live. */
import { readdir, readFile, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { AuthnError } from "../../errors.js";
import { bornAt, isAlive } from "../alive.js";
import { type Frames, framesOf } from "./frame.js";
import { type JournalHeader, parseHeader } from "./header.js";

const ENDING = ".journal";
const NEW_LINE = 10;
// A link that leads nowhere is listed for ever.
const MOST_TURNS = 20;

export interface JournalFile extends Frames {
  /** Absolute path. */
  readonly file: string;
  readonly bytes: number;
  /** The header's line with its line feed; undefined with a header that can't be read: nothing was recorded, or it is damaged. */
  readonly line: string | undefined;
  readonly header: JournalHeader | undefined;
}

export function journalPath(folder: string, host: string): string {
  return join(folder, `${host}${ENDING}`);
}

/** In the order in which they were begun; the later one is right. Those without a header come last. */
export async function readJournals(folder: string): Promise<readonly JournalFile[]> {
  for (let turn = 1; ; turn += 1) {
    const read = await Promise.all((await journalFiles(folder)).map(readJournal));
    const journals = read.filter((journal) => journal !== undefined);
    // One that went away was written anew elsewhere meanwhile, or its entries were confirmed: look again.
    if (journals.length === read.length || turn === MOST_TURNS)
      return journals.sort((a, b) => ordinalOf(a) - ordinalOf(b));
  }
}

export async function journalFiles(folder: string): Promise<readonly string[]> {
  try {
    const names = await readdir(folder);
    return names.filter((name) => name.endsWith(ENDING)).map((name) => join(folder, name));
  } catch (error) {
    if (isMissing(error)) return [];
    throw unreadable(folder, error);
  }
}

export async function removeJournals(files: readonly string[]): Promise<void> {
  await Promise.all(files.map((file) => rm(file, { force: true })));
}

/** Whether the process that writes it lives. Of another machine's nobody here can tell: there the lock counts. */
export function isWritten({ pid, hostname: machine, born }: JournalHeader): boolean {
  if (pid === 0) return false;
  if (machine !== hostname()) return false;
  return isAlive(pid) && (born === undefined || bornAt(pid) === born);
}

export function nextOrdinal(journals: readonly JournalFile[]): number {
  return Math.max(0, ...journals.map(({ header }) => header?.ordinal ?? 0)) + 1;
}

async function readJournal(file: string): Promise<JournalFile | undefined> {
  let content: Buffer;
  try {
    content = await readFile(file);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw unreadable(file, error);
  }
  const end = content.indexOf(NEW_LINE);
  const line = end < 0 ? undefined : content.subarray(0, end + 1).toString("utf8");
  const header = line === undefined ? undefined : parseHeader(line);
  if (header === undefined) {
    // An empty file, or one whose only line wasn't ended, was cut off before its first record.
    const isCutOff = end < 0;
    return {
      ...{ file, bytes: content.length, line: undefined, header: undefined, records: [] },
      ...(isCutOff ? { tornBytes: content.length, damagedAt: undefined } : { tornBytes: 0, damagedAt: 0 }),
    };
  }
  return { file, bytes: content.length, line, header, ...framesOf(content.subarray(end + 1)) };
}

function ordinalOf({ header }: JournalFile): number {
  return header?.ordinal ?? Number.MAX_SAFE_INTEGER;
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

function unreadable(path: string, cause: unknown): AuthnError {
  return new AuthnError({
    code: "ERR_AUTHN_LEDGER",
    what: `The ledger can't be read: ${cause instanceof Error ? cause.message : path}`,
    remedy: "See that this user may read and write there, or name another folder (authn:ledger)",
    cause,
  });
}
