/** A journal under load, and where the disk gives up. Writes and syncs are watched and made to fail: no disk here is full. */
import fs from "node:fs";
import { type FileHandle, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeAll, expect, it, vi } from "vitest";
import { readLedger } from "../../../../providers/host/ledger/contents.js";
import { journals, ledgerFolderOfTest, named, onlyJournal, opened, SEED, scope, stateOf, subject } from "./_ledger.js";

const folder = ledgerFolderOfTest();
let methods: FileHandle;
beforeAll(async () => {
  const handle = await open(join(import.meta.dirname, "journal.test.ts"));
  methods = Object.getPrototypeOf(handle);
  await handle.close();
});
afterEach(() => {
  vi.restoreAllMocks();
});

const intended = (name: string) => ({
  id: name,
  state: stateOf(name),
  open: { step: "register", outcome: "unknown" as const },
});

it("a thousand steps at once share their syncs", async () => {
  const synced = vi.spyOn(methods, "datasync");
  const { ledger } = await opened(folder.path(), "a");
  const names = Array.from({ length: 1_000 }, (_, index) => `person-${index}`);
  await Promise.all(names.map((name) => ledger.account(subject(name)).intend("intent", intended(name), true)));
  expect(synced.mock.calls.length).toBeGreaterThan(0);
  expect(synced.mock.calls.length).toBeLessThan(20);
  expect(await journals(folder.path())).toHaveLength(1);
  expect(named((await readLedger(folder.path(), SEED, scope)).entries).toSorted()).toEqual(names.toSorted());
});

it("on a full disk the step isn't begun, what was known stays readable, and with room again it goes on", async () => {
  const { ledger } = await opened(folder.path(), "a");
  await ledger.account(subject("ada")).intend("intent", intended("ada"), true);
  const full = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  vi.spyOn(fs, "writeSync").mockImplementation(() => {
    throw full;
  });
  await expect(ledger.account(subject("grace")).intend("intent", intended("grace"), true)).rejects.toThrow(
    /can't be written, so the step was not begun: ENOSPC/,
  );
  vi.restoreAllMocks();
  await ledger.account(subject("alan")).intend("intent", intended("alan"), true);
  expect(named((await readLedger(folder.path(), SEED, scope)).entries)).toEqual(["ada", "alan"]);
});

it("half a record that a full disk took is taken back", async () => {
  const { ledger } = await opened(folder.path(), "a");
  await ledger.account(subject("ada")).intend("intent", intended("ada"), true);
  const { writeSync } = fs;
  let calls = 0;
  vi.spyOn(fs, "writeSync").mockImplementation((...given: unknown[]) => {
    calls += 1;
    if (calls > 1) throw Object.assign(new Error("ENOSPC"), { code: "ENOSPC" });
    const [fd, bytes, from, length, at] = given;
    return Reflect.apply(writeSync, fs, [fd, bytes, from, Math.floor(Number(length) / 2), at]);
  });
  await expect(ledger.account(subject("grace")).intend("intent", intended("grace"), true)).rejects.toThrow("ENOSPC");
  vi.restoreAllMocks();
  await ledger.account(subject("alan")).intend("intent", intended("alan"), true);
  expect(named((await readLedger(folder.path(), SEED, scope)).entries)).toEqual(["ada", "alan"]);
});

it("after a sync that failed nothing more is begun: what it kept, nobody knows", async () => {
  const { ledger } = await opened(folder.path(), "a");
  vi.spyOn(methods, "datasync").mockRejectedValueOnce(Object.assign(new Error("EIO"), { code: "EIO" }));
  await expect(ledger.account(subject("ada")).intend("intent", intended("ada"), true)).rejects.toThrow("EIO");
  await expect(ledger.account(subject("grace")).intend("intent", intended("grace"), true)).rejects.toThrow("EIO");
});

it("where its file is taken away amid the steps no other is begun: nobody would ever read what it writes", async () => {
  const { ledger } = await opened(folder.path(), "a");
  await ledger.account(subject("ada")).intend("intent", intended("ada"), true);
  await rm(await onlyJournal(folder.path()));
  await expect(ledger.account(subject("grace")).intend("intent", intended("grace"), true)).rejects.toThrow(
    "taken away while it was written",
  );
});

it("an outcome that can't be written any more is told, and fails nothing", async () => {
  const { ledger, warnings } = await opened(folder.path(), "a");
  const account = ledger.account(subject("ada"));
  await account.intend("intent", intended("ada"), true);
  vi.spyOn(fs, "writeSync").mockImplementation(() => {
    throw Object.assign(new Error("ENOSPC"), { code: "ENOSPC" });
  });
  await account.settle({ id: "ada", state: stateOf("ada") });
  expect(warnings).toEqual([expect.stringContaining("ENOSPC")]);
});
