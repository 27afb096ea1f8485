/** A ledger's folder of a test's own, a seed, and what the tests write into it. */
import { mkdtempSync, rmSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import type { EntrySubject, LedgerEntry } from "../../../../providers/host/ledger/entry.js";
import { openLedger } from "../../../../providers/host/ledger/ledger.js";

export const SEED = Buffer.alloc(32, 5);
export const OTHER_SEED = Buffer.alloc(32, 6);
export const scope = { project: "project", stack: "dev" };
export const PRIVATE_KEY = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEH";
export const clock = { now: () => 1_800_000_000_000, sleep: () => Promise.resolve() };

/** A folder for each test. */
export function ledgerFolderOfTest(): { path(): string } {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "authn-ledger-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  return { path: () => folder };
}

export function subject(name: string, about: Partial<EntrySubject> = {}): EntrySubject {
  const owner = { ...scope, type: "KeyriPublicKey", name };
  return { owner, fingerprint: "fingerprint", service: "http://127.0.0.1:1", operation: "create", ...about };
}

export function stateOf(name: string): Record<string, unknown> {
  return { username: name, privateKey: PRIVATE_KEY, schemaVersion: 1 };
}

export interface Opened {
  readonly warnings: readonly string[];
  readonly ledger: Awaited<ReturnType<typeof openLedger>>;
}

/** As a new host process of an operation of its own would open it; nobody takes it for one that lives. */
export async function opened(folder: string, operation: string, seed = SEED): Promise<Opened> {
  const warnings: string[] = [];
  const host = { operation, pid: 0, clock, warn: (line: string) => void warnings.push(line) };
  return { warnings, ledger: await openLedger(folder, seed, scope, host) };
}

export async function journals(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => name.endsWith(".journal")).map((name) => join(folder, name));
}

/** Of a ledger with one journal. */
export async function onlyJournal(folder: string): Promise<string> {
  const [file, ...others] = await journals(folder);
  if (file === undefined || others.length > 0) throw new Error(`${others.length + 1} journals`);
  return file;
}

export async function changed(file: string, change: (bytes: Buffer) => Buffer): Promise<void> {
  await writeFile(file, change(await readFile(file)));
}

/** Somebody whose first step was announced, and nothing more. */
export async function halfMade(folder: string, operation: string, name: string): Promise<string> {
  const account = (await opened(folder, operation)).ledger.account(subject(name));
  await account.intend(
    "intent",
    { id: name, state: stateOf(name), open: { step: "register", outcome: "unknown" } },
    true,
  );
  return account.revision ?? "";
}

export function named(entries: readonly LedgerEntry[]): readonly string[] {
  return entries.map(({ owner }) => owner.name);
}
