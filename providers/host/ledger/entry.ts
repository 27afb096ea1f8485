/**
 * What the ledger knows of one revision of a resource, folded from its records: each carries what changed since the one before, the first
 * in a journal all of it. Pure.
 */
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { type Owner, owner } from "../inputs.js";
import { type OpenStep, OUTCOMES } from "../lifecycle.js";
import type { PlainRecord, RecordKind } from "./frame.js";

export type EntryStatus = "open" | "done" | "deleting" | "closed";
export type Properties = Readonly<Record<string, unknown>>;

/** What stays the same of an entry. */
export interface EntrySubject {
  readonly owner: Owner;
  /** Of the inputs that would replace the resource, and of the service. */
  readonly fingerprint: string;
  /** The address that stands for the service. */
  readonly service: string;
  readonly operation: "create" | "update" | "delete";
  /** The revision that an update began from. */
  readonly base?: string | undefined;
  /** Which state was to hold it, see `backendMark`. */
  readonly backend?: string | undefined;
}

/** What was reached, as the engine would keep it. */
export interface Reached {
  readonly id?: string | undefined;
  /** Framed, with secrets; without `open`. */
  readonly state?: Properties | undefined;
  readonly open?: OpenStep | undefined;
  /** What may stand outside and no call can find, in words. */
  readonly lost?: string | undefined;
}

export interface LedgerEntry extends EntrySubject, Reached {
  readonly revision: string;
  readonly status: EntryStatus;
  /** Unix time in milliseconds of the last record. */
  readonly atMs: number;
}

/** Whether it was made for another state than this one, which may hold it; false where nobody can tell. */
export function isElsewhere({ backend }: Pick<EntrySubject, "backend">, here: string | undefined): boolean {
  return backend !== undefined && here !== undefined && backend !== here;
}

const STATUSES: Readonly<Record<RecordKind, EntryStatus>> = {
  intent: "open",
  reached: "open",
  done: "done",
  deleting: "deleting",
  closed: "closed",
};

export function statusOf(kind: RecordKind): EntryStatus {
  return STATUSES[kind];
}

/** The kind that a whole entry is written again as. */
export function kindOf({ status, open }: LedgerEntry): RecordKind {
  if (status === "open") return open === undefined || open.outcome === "unknown" ? "intent" : "reached";
  return status;
}

const payload = z.object({
  atMs: z.number(),
  about: z
    .object({
      owner,
      fingerprint: z.string(),
      service: z.string(),
      operation: z.enum(["create", "update", "delete"]),
      base: z.string().optional(),
      backend: z.string().optional(),
    })
    .optional(),
  id: z.string().optional(),
  open: z.object({ step: z.string(), outcome: z.enum(OUTCOMES) }).optional(),
  set: z.record(z.string(), z.unknown()).optional(),
  unset: z.array(z.string()).optional(),
  lost: z.string().optional(),
});
export type Payload = z.infer<typeof payload>;

/** @returns undefined where the text is no payload of this version */
export function parsePayload(text: string): Payload | undefined {
  try {
    return payload.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** @param before the state that the last record left; undefined: the record is to carry all */
export function payloadOf(
  { id, state, open, lost }: Reached,
  {
    atMs,
    about,
    before,
  }: { readonly atMs: number; readonly about?: EntrySubject | undefined; readonly before?: Properties | undefined },
): Payload {
  const set = Object.entries(state ?? {}).filter(([name, value]) => !isDeepStrictEqual(before?.[name], value));
  const unset = Object.keys(before ?? {}).filter((name) => state?.[name] === undefined);
  return {
    atMs,
    ...(about === undefined ? {} : { about: subjectOf(about) }),
    id,
    open,
    ...(state === undefined ? {} : { set: Object.fromEntries(set) }),
    ...(state === undefined || unset.length === 0 ? {} : { unset }),
    lost,
  };
}

function subjectOf({ owner: whose, fingerprint, service, operation, base, backend }: EntrySubject): EntrySubject {
  return { owner: whose, fingerprint, service, operation, base, backend };
}

/** The entry after one more record; undefined where the record says nothing of what it is about, and nothing before it did. */
export function folded(
  earlier: LedgerEntry | undefined,
  { kind, revision }: PlainRecord,
  { atMs, about, id, open, set, unset = [], lost }: Payload,
): LedgerEntry | undefined {
  const subject = about ?? earlier;
  if (subject === undefined) return undefined;
  const known = about === undefined ? earlier : undefined;
  const { owner: whose, fingerprint, service, operation, base, backend } = subject;
  // Of what is gone, no key is kept.
  const before = kind === "closed" ? undefined : known?.state;
  const state = set === undefined ? before : { ...without(before ?? {}, unset), ...set };
  return {
    ...{ revision, owner: whose, fingerprint, service, operation, base, backend, status: statusOf(kind), atMs },
    ...{ id: id ?? known?.id, state, open, lost },
  };
}

function without(state: Properties, names: readonly string[]): Properties {
  return Object.fromEntries(Object.entries(state).filter(([name]) => !names.includes(name)));
}
