/** What becomes of a ledger that isn't as it was written, or isn't ours: a clear account, never silence. */
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readLedger } from "../../../../providers/host/ledger/contents.js";
import { outlineLedger } from "../../../../providers/host/ledger/outline.js";
import { rewriteLedger } from "../../../../providers/host/ledger/rewrite.js";
import {
  changed,
  halfMade,
  journals,
  ledgerFolderOfTest,
  named,
  OTHER_SEED,
  onlyJournal,
  opened,
  PRIVATE_KEY,
  SEED,
  scope,
  stateOf,
  subject,
} from "./_ledger.js";

const folder = ledgerFolderOfTest();

it("nothing that is kept there can be read without the seed, and nobody else may open it", async () => {
  await halfMade(folder.path(), "a", "ada");
  const file = await onlyJournal(folder.path());
  const bytes = await readFile(file);
  for (const text of [PRIVATE_KEY, "ada", "KeyriPublicKey", "register"]) expect(bytes.includes(text)).toBe(false);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

it("an operation that changes nothing leaves no file", async () => {
  const { ledger } = await opened(folder.path(), "a");
  await ledger.account(subject("ada")).settle({ id: "ada", state: {} });
  expect(await journals(folder.path())).toEqual([]);
});

it("another seed is told from damage, and refused", async () => {
  await halfMade(folder.path(), "a", "ada");
  await expect(opened(folder.path(), "b", OTHER_SEED)).rejects.toThrow(/was sealed with another authn:seed.*rekey/s);
});

it("another stack's ledger is refused by its name", async () => {
  await halfMade(folder.path(), "a", "ada");
  await expect(readLedger(folder.path(), SEED, { ...scope, stack: "prod" })).rejects.toThrow(
    "is the ledger of stack dev of project project, not of prod of project",
  );
});

it("an end that was cut off is told once, and what stands before it is known", async () => {
  await halfMade(folder.path(), "a", "ada");
  await halfMade(folder.path(), "b", "grace");
  const [first] = await journals(folder.path());
  if (first === undefined) throw new Error("no journal");
  await changed(first, (bytes) => Buffer.concat([bytes, bytes.subarray(-40)]).subarray(0, bytes.length + 5));
  const { ledger, warnings } = await opened(folder.path(), "c");
  expect(named(ledger.standing.unresolved()).toSorted()).toEqual(["ada", "grace"]);
  expect(warnings).toEqual([
    expect.stringMatching(/was cut off \(5 bytes\): what it was to say is asked of the service/),
  ]);
});

it("a journal that was cut off in its first line says nothing, and stops nobody", async () => {
  await halfMade(folder.path(), "a", "ada");
  await changed(await onlyJournal(folder.path()), (bytes) => bytes.subarray(0, 20));
  expect((await opened(folder.path(), "b")).ledger.standing.unresolved()).toEqual([]);
});

it("a damaged one is refused with the number of its sound records, and salvaged on demand", async () => {
  await halfMade(folder.path(), "a", "ada");
  const { ledger } = await opened(folder.path(), "b");
  const entry = ledger.standing.takeUp(subject("ada").owner, "fingerprint");
  const account = ledger.account(subject("ada"), entry);
  await account.intend(
    "intent",
    { id: "ada", state: stateOf("ada"), open: { step: "prove", outcome: "unknown" } },
    true,
  );
  await account.settle({ id: "ada", state: stateOf("ada") });
  const file = (await outlineLedger(folder.path())).at(-1)?.file ?? "";
  await changed(file, (bytes) => {
    bytes[bytes.length - 3] = (bytes[bytes.length - 3] ?? 0) ^ 1;
    return bytes;
  });
  await expect(opened(folder.path(), "c")).rejects.toThrow(/damaged: 1 record\(s\) of .* are sound, 1 can't be opened/);
  const { entries, damages } = await readLedger(folder.path(), SEED, scope, { salvage: true });
  expect(entries).toMatchObject([{ status: "open", open: { step: "prove" } }]);
  expect(damages).toHaveLength(1);
});

it("what is no ledger at all, under a journal's name, is damage", async () => {
  await mkdir(folder.path(), { recursive: true });
  await writeFile(join(folder.path(), "x.journal"), "something else\n");
  await expect(opened(folder.path(), "a")).rejects.toThrow("has no header that can be read");
});

it("written anew with another seed, it holds the same and the old files are gone", async () => {
  await halfMade(folder.path(), "a", "ada");
  await halfMade(folder.path(), "b", "grace");
  const before = await readLedger(folder.path(), SEED, scope);
  await rewriteLedger(folder.path(), OTHER_SEED, scope, before.entries);
  expect((await readLedger(folder.path(), OTHER_SEED, scope)).entries).toEqual(before.entries);
  await onlyJournal(folder.path());
  await rewriteLedger(folder.path(), OTHER_SEED, scope, []);
  expect(await journals(folder.path())).toEqual([]);
});

it("written anew, it still says of each entry which state it was made for, without its seed too", async () => {
  await halfMade(folder.path(), "a", "ada");
  const [entry] = (await readLedger(folder.path(), SEED, scope)).entries;
  if (entry === undefined) throw new Error("no entry");
  const made = ["here", "there", undefined, "here"].map((backend, index) => ({
    ...entry,
    revision: `revisionNumber_${index}`,
    backend,
  }));
  await rewriteLedger(folder.path(), SEED, scope, made);
  const outlines = await outlineLedger(folder.path());
  const numbers = (revisions: Iterable<string>) => [...revisions].map((revision) => Number(revision.at(-1)));
  expect(outlines.map(({ header, entries }) => [header?.backend, numbers(entries.keys())])).toEqual([
    ["there", [1]],
    [undefined, [2]],
    ["here", [0, 3]],
  ]);
  const { entries } = await readLedger(folder.path(), SEED, scope);
  expect(numbers(entries.map(({ revision }) => revision))).toEqual([1, 2, 0, 3]);
});

it("a host that begins at this moment, whose file has no header yet, stops no other one of its operation", async () => {
  const { ledger } = await opened(folder.path(), "a");
  await writeFile(join(folder.path(), "sister.journal"), "");
  const account = ledger.account(subject("ada"));
  await account.intend("intent", { id: "ada", state: stateOf("ada") }, true);
  expect(await journals(folder.path())).toHaveLength(2);
});
