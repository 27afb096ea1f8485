/** What `authn ledger status` prints. Pure. */
import { basename } from "node:path";
import type { EntryStatus } from "../../../providers/host/ledger/index.js";
import { oneLine } from "../text.js";

export interface JournalStatus {
  readonly file: string;
  readonly bytes: number;
  readonly entries: number;
  /** ISO 8601; undefined: its header can't be read. */
  readonly startedAt: string | undefined;
  /** The process that writes it still. */
  readonly writtenBy: number | undefined;
  /** Of a last record that was cut off: it was never reported as written. */
  readonly tornBytes: number;
  /** In bytes after the header. */
  readonly damagedAt: number | undefined;
}

type Counts = Readonly<Partial<Record<EntryStatus, number>>>;

/** Also what `--json` has under `outputs`. */
export interface Status {
  readonly folder: string;
  readonly project: string;
  readonly stack: string;
  readonly backend: string;
  /** Why the state could not be held against the ledger. */
  readonly stateUnknown: string | undefined;
  readonly lock: { readonly holder: string; readonly since: string | undefined } | undefined;
  readonly journals: readonly JournalStatus[];
  /** Entries that the saved state confirms, or of which nothing stands. */
  readonly confirmed: number;
  /** What the saved state holds though it is gone, or going. */
  readonly pending: Counts;
  /** What may stand outside, and no saved state knows. */
  readonly unresolved: Counts;
  /** undefined: `up` and `destroy` leave them out. */
  readonly checkpointsBecause: string | undefined;
}

const words: Readonly<Record<EntryStatus, string>> = {
  open: "cut off on the way",
  done: "finished",
  deleting: "cut off while they were deleted",
  closed: "deleted",
};

export function statusText(status: Status): string {
  const { folder, project, stack, backend, stateUnknown, lock, journals, confirmed, checkpointsBecause } = status;
  const bytes = journals.reduce((sum, journal) => sum + journal.bytes, 0);
  const holder =
    lock === undefined ? "free" : `${lock.holder}${lock.since === undefined ? "" : ` since ${lock.since}`}`;
  return [
    line("ledger", `${folder} (stack ${stack} of ${project})`),
    line("state", stateUnknown === undefined ? backend : `${backend}: ${stateUnknown}`),
    line("lock", holder),
    line("journals", journals.length === 0 ? "none" : `${journals.length}, ${sizeText(bytes)}`),
    ...journals.map((journal) => `  ${journalText(journal)}`),
    line(
      "entries",
      `${confirmed} confirmed, ${sum(status.pending)} to be put right, ${sum(status.unresolved)} unresolved`,
    ),
    ...countLines("in the state, and outside", status.pending),
    ...countLines("in no state", status.unresolved),
    line("next up", nextText(status)),
    line(
      "checkpoints",
      checkpointsBecause === undefined ? "left out by up and destroy" : `kept: ${checkpointsBecause}`,
    ),
  ]
    .map(oneLineKeepingIndent)
    .join("\n");
}

function nextText({ journals, pending, unresolved, stateUnknown }: Status): string {
  if (journals.some(({ damagedAt }) => damagedAt !== undefined))
    return "refuses: a journal is damaged. Restore it, or `authn ledger forget --damaged`";
  const steps = [
    ...(sum(unresolved) === 0
      ? []
      : ["takes over what is declared still, then removes the rest (`authn ledger show` lists them)"]),
    ...(sum(pending) === 0 ? [] : ["makes what is declared and gone again"]),
  ];
  if (steps.length > 0) return steps.join("; ");
  return stateUnknown === undefined || journals.length === 0
    ? "finds nothing to do here"
    : "can't be told without the state";
}

function journalText({ file, bytes, entries, startedAt, writtenBy, tornBytes, damagedAt }: JournalStatus): string {
  return [
    `${basename(file)}: ${entries} entries, ${sizeText(bytes)}`,
    ...(startedAt === undefined ? [] : [`begun ${startedAt}`]),
    ...(writtenBy === undefined ? [] : [`process ${writtenBy} writes it`]),
    ...(tornBytes === 0 ? [] : [`the last record was cut off (${tornBytes} bytes)`]),
    ...(damagedAt === undefined ? [] : [startedAt === undefined ? "no header" : `damaged from byte ${damagedAt} on`]),
  ].join(", ");
}

function countLines(where: string, counts: Counts): readonly string[] {
  return Object.entries(words).flatMap(([status, text]) => {
    const count = Object.entries(counts).find(([name]) => name === status)?.[1] ?? 0;
    return count === 0 ? [] : [`  ${count} ${where} ${text}`];
  });
}

function sum(counts: Counts): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

function sizeText(bytes: number): string {
  return bytes < 10_000 ? `${bytes} bytes` : `${Math.round(bytes / 1_000)} kB`;
}

const line = (name: string, text: string) => `${name.padEnd(11)}  ${text}`;

function oneLineKeepingIndent(text: string): string {
  return `${/^ */.exec(text)?.[0] ?? ""}${oneLine(text)}`;
}
