/**
 * The first line of a journal, in plain JSON: whose it is, which process writes it, and what its key is derived with. It tells a
 * wrong seed and another stack's ledger from damage, without a secret.
 */
import { createHash, hkdfSync, randomBytes } from "node:crypto";
import { z } from "zod";
import { AuthnError } from "../../errors.js";
import type { LedgerScope } from "./place.js";

const base64url = (bytes: number) => z.base64url().length(Math.ceil((bytes * 4) / 3));

const SALT_BYTES = 16;
const CHECK_BYTES = 12;
const KEY_BYTES = 32;

const journalHeader = z.object({
  format: z.literal(1),
  host: z.uuid(),
  project: z.string(),
  stack: z.string(),
  /** Journals are read in this order; a clock may jump. */
  ordinal: z.int().min(1),
  /** 0: nobody writes it any more. */
  pid: z.int().min(0),
  hostname: z.string(),
  /** When the process was started, as its system tells it; a number is used again by another process. */
  born: z.string().optional(),
  /** ISO 8601. */
  startedAt: z.iso.datetime(),
  /** The engine's address: its hosts have it in common. */
  operation: z.string(),
  /** Which state its entries were made for, see `backendMark`; absent: not known, or not one. */
  backend: z.string().optional(),
  salt: base64url(SALT_BYTES),
  check: base64url(CHECK_BYTES),
});
export type JournalHeader = z.infer<typeof journalHeader>;

/** The journal's key, and the digest that binds each record to its header. */
export interface JournalKey {
  readonly key: Uint8Array;
  /** SHA-256 of the header's line. */
  readonly headerDigest: Uint8Array;
}

export type HeaderDraft = Omit<JournalHeader, "format" | "salt" | "check">;

/** @param seed `authn:seed`, 32 bytes */
export function newHeader(draft: HeaderDraft, seed: Buffer): { readonly line: string; readonly key: JournalKey } {
  const salt = randomBytes(SALT_BYTES).toString("base64url");
  const { key, check } = derived(seed, draft, salt);
  const line = `${JSON.stringify({ format: 1, ...draft, salt, check } satisfies JournalHeader)}\n`;
  return { line, key: { key, headerDigest: digest(line) } };
}

/** @returns undefined where the line is no header: it was cut off, or the file is none of ours */
export function parseHeader(line: string): JournalHeader | undefined {
  try {
    return journalHeader.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** @throws AuthnError ERR_AUTHN_LEDGER where the journal is another stack's, or was sealed with another seed */
export function openHeader(
  header: JournalHeader,
  line: string,
  { seed, scope, file }: { readonly seed: Buffer; readonly scope: LedgerScope; readonly file: string },
): JournalKey {
  if (header.project !== scope.project || header.stack !== scope.stack)
    throw new AuthnError({
      code: "ERR_AUTHN_LEDGER",
      what: `${file} is the ledger of stack ${header.stack} of project ${header.project}, not of ${scope.stack} of ${scope.project}`,
      remedy: "Put it back where it belongs, and give each stack a ledger of its own (authn:ledger)",
    });
  const { key, check } = derived(seed, header, header.salt);
  if (check !== header.check)
    throw new AuthnError({
      code: "ERR_AUTHN_LEDGER",
      what: `${file} was sealed with another authn:seed than today's`,
      remedy:
        "Set the seed it was sealed with; or, where that was replaced, run `AUTHN_PREVIOUS_SEED=… authn ledger rekey`. Destroy and refresh of plain pulumi use the seed of the last `up`. `authn ledger status` tells what is in it, `authn ledger forget --all` gives it up",
    });
  return { key, headerDigest: digest(line) };
}

function derived(
  seed: Buffer,
  { project, stack }: LedgerScope,
  salt: string,
): { readonly key: Uint8Array; readonly check: string } {
  // The version and the purpose keep it apart from every derived credential's key.
  const info = JSON.stringify(["pulumi-authn/1", "ledger", project, stack]);
  const bytes = Buffer.from(hkdfSync("sha256", seed, Buffer.from(salt, "base64url"), info, KEY_BYTES + CHECK_BYTES));
  return { key: bytes.subarray(0, KEY_BYTES), check: bytes.subarray(KEY_BYTES).toString("base64url") };
}

function digest(line: string): Uint8Array {
  return createHash("sha256").update(line).digest();
}
