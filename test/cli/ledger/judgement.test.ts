import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EntryStatus, JournalOutline, LedgerEntry } from "../../../providers/host/ledger/index.js";
import { judge } from "../../../src/cli/ledger/judgement.js";
import { fatesOf } from "../../../src/cli/ledger/unheld.js";

const outline = (
  entries: Readonly<Record<string, EntryStatus>>,
  rest: Partial<JournalOutline> = {},
): JournalOutline => ({
  file: `/ledger/${Object.keys(entries).join("-")}.journal`,
  bytes: 100,
  header: undefined,
  entries: new Map(Object.entries(entries)),
  tornBytes: 0,
  damagedAt: undefined,
  isAlive: false,
  ...rest,
});
const judged = (journals: readonly JournalOutline[], ...held: string[]) => {
  const { settled, pending, unresolved, finished } = judge(journals, new Set(held));
  return { settled: [...settled], pending: [...pending], unresolved: [...unresolved], finished };
};

describe("a ledger held against the saved state", () => {
  test.each<[EntryStatus, "held" | "not held", "settled" | "pending" | "unresolved"]>([
    ["open", "held", "settled"],
    ["done", "held", "settled"],
    ["deleting", "held", "pending"],
    ["closed", "held", "pending"],
    ["open", "not held", "unresolved"],
    ["done", "not held", "unresolved"],
    ["deleting", "not held", "unresolved"],
    ["closed", "not held", "settled"],
  ])("an entry that is %s and %s is %s", (status, held, outcome) => {
    const { settled, pending, unresolved } = judged([outline({ r: status })], ...(held === "held" ? ["r"] : []));
    expect({ settled, pending, unresolved }).toEqual({ settled: [], pending: [], unresolved: [], [outcome]: ["r"] });
  });

  test("the later journal's word counts", () => {
    expect(judged([outline({ r: "done" }), outline({ r: "closed" })])).toMatchObject({
      settled: ["r"],
      unresolved: [],
    });
  });

  test("what is gone is told to another state that may hold it still", () => {
    const there: JournalOutline["header"] = {
      ...{ host: "h", project: "shop", stack: "dev", ordinal: 1, pid: 0, hostname: "m", startedAt: "", operation: "o" },
      ...{ salt: "", check: "" },
      format: 1,
      backend: "there",
    };
    const journal = outline({ a: "closed", b: "done" }, { header: there, file: "theirs" });
    const seenFrom = (backend: string | undefined) => judge([journal], new Set(["b"]), backend);
    expect([...seenFrom("here").others]).toEqual(["a"]);
    expect(seenFrom("here").finished).toEqual([]);
    expect(seenFrom("there").finished).toEqual(["theirs"]);
    expect(seenFrom(undefined).finished).toEqual(["theirs"]);
  });

  test("a journal with nothing more to say may go, unless its process lives or it is damaged", () => {
    const quiet = outline({ a: "done" }, { file: "quiet" });
    const alive = outline({ b: "done" }, { file: "alive", isAlive: true });
    const damaged = outline({ c: "done" }, { file: "damaged", damagedAt: 12 });
    expect(judged([quiet, alive, damaged], "a", "b", "c").finished).toEqual(["quiet"]);
  });

  test("whatever may go, what is left says the same of all that matters", () => {
    const revision = fc.constantFrom("a", "b", "c", "d");
    const status = fc.constantFrom<EntryStatus>("open", "done", "deleting", "closed");
    const journal = fc.record({ entries: fc.dictionary(revision, status), isAlive: fc.boolean() });
    fc.assert(
      fc.property(fc.array(journal, { maxLength: 5 }), fc.uniqueArray(revision), (journals, held) => {
        const outlines = journals.map(({ entries, isAlive }, index) => outline(entries, { isAlive, file: `${index}` }));
        const before = judged(outlines, ...held);
        const after = judged(
          outlines.filter(({ file }) => !before.finished.includes(file)),
          ...held,
        );
        expect(after.unresolved.toSorted()).toEqual(before.unresolved.toSorted());
        expect(after.pending.toSorted()).toEqual(before.pending.toSorted());
      }),
    );
  });
});

const entry = (revision: string, rest: Partial<LedgerEntry> & { readonly name?: string } = {}): LedgerEntry => {
  const { name = "ada/phone", ...more } = rest;
  return {
    revision,
    owner: { project: "shop", stack: "dev", type: "KeyriPublicKey", name },
    fingerprint: "f",
    service: "http://127.0.0.1:4187",
    operation: "create",
    status: "done",
    id: `id of ${revision}`,
    atMs: 0,
    ...more,
  };
};
const held = (revision: string, id: string, name = "ada/phone") => ({ type: "KeyriPublicKey", name, id, revision });
const fates = (entries: readonly LedgerEntry[], ...resources: readonly ReturnType<typeof held>[]) =>
  fatesAt("here", entries, ...resources);
const fatesAt = (
  backend: string | undefined,
  entries: readonly LedgerEntry[],
  ...resources: readonly ReturnType<typeof held>[]
) => {
  const statuses = Object.fromEntries(entries.map(({ revision, status }) => [revision, status]));
  const judgement = judge([outline(statuses)], new Set(resources.map(({ revision }) => revision)));
  const { unheld, kept, shared } = fatesOf(entries, judgement, resources, backend);
  const names = (of: readonly LedgerEntry[]) => of.map(({ revision }) => revision);
  return { unheld: names(unheld), kept: names(kept), shared: shared.map(({ holder }) => holder) };
};

describe("after an operation that succeeded", () => {
  test("what no state knows is to go, and what the state holds is not", () => {
    expect(fates([entry("a"), entry("b")], held("a", "id of a"))).toEqual({ unheld: ["b"], kept: [], shared: [] });
  });

  test("a resource that the state holds at a later revision is never taken away", () => {
    expect(fates([entry("old", { id: "x", status: "open" })], held("new", "x"))).toMatchObject({
      unheld: [],
      kept: [],
    });
  });

  test("an update that the state hasn't seen is kept for the next one, and the resource stays", () => {
    expect(fates([entry("new", { base: "old", id: "x", operation: "update" })], held("old", "x"))).toEqual({
      unheld: [],
      kept: ["new"],
      shared: [],
    });
  });

  test("of one resource's revisions only the last is removed, once", () => {
    expect(fates([entry("one"), entry("two", { base: "one" }), entry("three", { base: "two" })])).toEqual({
      unheld: ["three"],
      kept: [],
      shared: [],
    });
  });

  test("a resource whose later revision was deleted leaves nothing to remove", () => {
    expect(fates([entry("one"), entry("two", { base: "one", status: "closed" })])).toMatchObject({
      unheld: [],
      kept: [],
    });
  });

  test("what has the id of another resource in the state stays, and that is told", () => {
    expect(fates([entry("a", { id: "x", name: "ada/old" })], held("b", "x", "ada/new"))).toEqual({
      unheld: [],
      kept: ["a"],
      shared: ["ada/new"],
    });
  });

  test("what was made for another state of this stack stays, that may hold it", () => {
    expect(fates([entry("a", { backend: "there" }), entry("b", { backend: "here" }), entry("c")])).toEqual({
      unheld: ["b", "c"],
      kept: ["a"],
      shared: [],
    });
    // What this state holds by now, or has made anew since, was moved here.
    const moved = entry("a", { backend: "there", id: "x" });
    expect(fates([moved], held("later", "x")).kept).toEqual([]);
    expect(fates([moved, entry("b", { base: "a", id: "x", backend: "here" })], held("b", "x")).kept).toEqual([]);
    // Where nobody can tell which state it is, and where somebody says that it is to count for all.
    expect(fatesAt(undefined, [entry("a", { backend: "there" })]).unheld).toEqual(["a"]);
  });

  test("what the state holds and is gone outside is kept for the next operation", () => {
    expect(fates([entry("a", { status: "closed" })], held("a", "id of a"))).toMatchObject({ unheld: [], kept: ["a"] });
  });

  test("what was begun without an id leaves nothing, unless an answer was lost that no call finds", () => {
    const begun = { id: undefined, status: "open" } as const;
    expect(fates([entry("a", begun)])).toEqual({ unheld: [], kept: [], shared: [] });
    expect(fates([entry("a", { ...begun, lost: "a user may stand" })])).toMatchObject({ unheld: [], kept: ["a"] });
  });
});
