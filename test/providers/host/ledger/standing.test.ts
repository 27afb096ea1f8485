/** What an operation makes of what earlier ones left, where several entries speak of one resource. */
import { expect, it } from "vitest";
import type { LedgerEntry } from "../../../../providers/host/ledger/entry.js";
import { nothingGiven, standingOf } from "../../../../providers/host/ledger/standing.js";
import { stateOf, subject } from "./_ledger.js";

const entry = (revision: string, extra: Partial<LedgerEntry> = {}): LedgerEntry => ({
  ...subject("ada"),
  ...{ revision, status: "done", id: "ada", state: stateOf("ada"), atMs: 0 },
  ...extra,
});
const standing = (...entries: readonly LedgerEntry[]) => standingOf({ entries }, { nothingLeft: () => undefined });

it("of updates that were made one upon the other and never saved, the last one is known", () => {
  const { ahead } = standing(entry("b", { base: "a" }), entry("c", { base: "b" }));
  expect(ahead("a")?.revision).toBe("c");
  expect(ahead("c")).toBeUndefined();
});

it("a later one that came to nothing doesn't hide an earlier one of the same state", () => {
  const { ahead } = standing(entry("b", { base: "a" }), entry("c", { base: "a", status: "closed" }));
  expect(ahead("a")?.revision).toBe("b");
});

it("a state that holds the last one confirms those before it", () => {
  let isLeft = true;
  const entries = [entry("a"), entry("b", { base: "a" })];
  const { confirm, unresolved } = standingOf(
    { entries },
    {
      nothingLeft: () => {
        isLeft = false;
      },
    },
  );
  confirm("b");
  expect(unresolved()).toEqual([]);
  expect(isLeft).toBe(false);
});

it("what was given to the engine in this operation confirms nothing: it isn't saved yet", () => {
  const { handOver, confirm, unresolved } = standing(entry("a"));
  handOver("a");
  confirm("a");
  expect(unresolved()).toHaveLength(1);
});

it("two of one name under different components are two", () => {
  const owner = { ...subject("ada").owner, parent: "staging" };
  const { leftovers, takeUp } = standing(entry("a", { owner }));
  const other = { ...owner, parent: "production" };
  expect(takeUp(other, "fingerprint")).toBeUndefined();
  expect(leftovers(other, subject("ada").service)).toEqual([]);
  expect(takeUp(owner, "fingerprint")?.revision).toBe("a");
});

it("it is given to one create alone", () => {
  const { takeUp, leftovers } = standing(entry("a"));
  expect(takeUp(subject("ada").owner, "fingerprint")?.revision).toBe("a");
  expect(takeUp(subject("ada").owner, "fingerprint")).toBeUndefined();
  expect(leftovers(subject("ada").owner, subject("ada").service)).toEqual([]);
});

it("what stands at another service is none of this one's leftovers", () => {
  expect(standing(entry("a")).leftovers(subject("ada").owner, "http://127.0.0.1:2")).toEqual([]);
});

it("what was made for another state, which may hold it, is none of this one's leftovers; it is taken over as it is", () => {
  const entries = [entry("a", { backend: "there" }), entry("b", { backend: "here" }), entry("c")];
  const here = () => standingOf({ entries }, { nothingLeft: () => undefined, backend: "here" });
  const { owner, service } = subject("ada");
  expect(
    here()
      .leftovers(owner, service)
      .map(({ revision }) => revision),
  ).toEqual(["b", "c"]);
  const alone = standingOf({ entries: entries.slice(0, 1) }, { nothingLeft: () => undefined, backend: "here" });
  expect(alone.takeUp(owner, "fingerprint")?.revision).toBe("a");
});

it("what was given stays given when the files are read once more", () => {
  const given = nothingGiven();
  const read = () => standingOf({ entries: [entry("a")] }, { nothingLeft: () => undefined, given });
  expect(read().takeUp(subject("ada").owner, "fingerprint")?.revision).toBe("a");
  const again = read();
  again.confirm("a");
  expect(again.unresolved()).toHaveLength(1);
  expect([again.isTaken("a"), again.takeUp(subject("ada").owner, "fingerprint")]).toEqual([true, undefined]);
});
