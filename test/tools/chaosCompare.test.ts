import { describe, expect, it } from "vitest";
import { compare, inheritedBy, leavingOf, lostBetween } from "../../tools/chaos/compare.mjs";
import type { Standing } from "../../tools/chaos/contents.mjs";
import type { Declared } from "../../tools/chaos/declaration.mjs";
import type { Saved } from "../../tools/chaos/saved.mjs";

const phone: Declared = { type: "KeyriPublicKey", name: "ada/phone", made: "1", shows: { username: "ada" } };
const ring: Declared = { type: "BaikalClientKeys", name: "clients/billing", made: "", shows: { path: "billing.json" } };
const declared = [phone, ring];

const savedPhone: Saved = { ...phone, id: "MFkw-ada", kids: [], foreignKids: [], removedKids: [], faults: [] };
const savedRing: Saved = {
  ...ring,
  id: "billing.json",
  kids: ["one", "two"],
  foreignKids: [],
  removedKids: [],
  faults: [],
};
const saved = [savedPhone, savedRing];

const standingPhone: Standing = { type: "KeyriPublicKey", id: "MFkw-ada", shows: { username: "ada" }, kids: [] };
const standingRing: Standing = { ...savedRing, kids: ["one", "two"] };
const standing = [standingPhone, standingRing];

const kindsOf = (sides: Partial<Parameters<typeof compare>[0]>) =>
  compare({ declared, saved, standing, ...sides }).map(({ kind }) => kind);

describe("what is declared, saved and standing", () => {
  it("is the same: nothing is found", () => {
    expect(compare({ declared, saved, standing })).toEqual([]);
  });

  it("stands though nobody knows of it: an orphan, or a duplicate where its owner is known", () => {
    expect(kindsOf({ standing: [...standing, { ...standingPhone, id: "x", shows: { username: "bob" } }] })).toEqual([
      "orphan",
    ]);
    expect(kindsOf({ standing: [...standing, { ...standingPhone, id: "x" }] })).toEqual(["duplicate"]);
  });

  it("is in the state twice, or without being declared, or not at all", () => {
    expect(kindsOf({ saved: [...saved, savedPhone] })).toEqual(["duplicate"]);
    expect(kindsOf({ declared: [phone] })).toEqual(["difference"]);
    expect(kindsOf({ declared: [...declared, { ...phone, name: "ada/tablet" }] })).toEqual(["missing"]);
  });

  it("is in the state and doesn't stand", () => {
    expect(kindsOf({ standing: [standingRing] })).toEqual(["missing"]);
  });

  it("is shown otherwise than it is declared", () => {
    const renamed = { ...savedPhone, shows: { username: "eve" } };
    expect(kindsOf({ saved: [renamed, savedRing] })).toEqual(["difference", "difference"]);
  });

  it("is half made", () => {
    const half: Standing = { type: "KeylessUser", id: "AB", shows: { uncommitted: "yes" }, kids: [] };
    expect(kindsOf({ standing: [...standing, half] })).toEqual(["orphan"]);
  });

  it("has a key without its private half, in the state or where it is published", () => {
    const faulty = { ...savedPhone, faults: ["its private key is missing"] };
    expect(kindsOf({ saved: [faulty, savedRing] })).toEqual(["lost key"]);
    expect(kindsOf({ standing: [standingPhone, { ...standingRing, kids: ["one", "two", "three"] }] })).toEqual([
      "lost key",
    ]);
    expect(kindsOf({ standing: [standingPhone, { ...standingRing, kids: ["one"] }] })).toEqual(["lost key"]);
  });
});

describe("what a ring keeps as another one's", () => {
  const heir: Saved = { ...savedRing, kids: ["three", "one"], foreignKids: ["one"] };
  const turned = [standingPhone, { ...standingRing, kids: ["three", "one"] }];

  it("is a lost key where its own first attempt published it", () => {
    expect(kindsOf({ saved: [savedPhone, heir], standing: turned })).toEqual(["lost key"]);
  });

  it("is well where the ring that it replaces had it, and stays so", () => {
    const replaced = inheritedBy(saved, new Set(["billing.json"]));
    expect(kindsOf({ saved: [savedPhone, heir], standing: turned, inherited: replaced })).toEqual([]);
    const later = inheritedBy([savedPhone, heir], new Set());
    expect([...later]).toEqual(["one"]);
  });
});

describe("what stood once", () => {
  const nothing = { before: [], seen: [], after: [], leaving: new Set<string>(), saved: [] };

  it("was made in a run that was killed, and made a second time by the next: its key is lost", () => {
    const after = [{ ...standingPhone, id: "MFkw-another" }];
    const [finding] = lostBetween({ ...nothing, seen: [[standingPhone]], after });
    expect(finding?.kind).toBe("lost key");
    expect(finding?.what).toContain("stood after a kill");
  });

  it("is taken over by the next run: nothing is lost", () => {
    expect(lostBetween({ ...nothing, seen: [[standingPhone]], after: [standingPhone] })).toEqual([]);
  });

  it("goes because it is replaced, or because its ring took it out", () => {
    const leaving = leavingOf({
      before: declared,
      after: [{ ...phone, made: "2" }, ring],
      forced: [],
      saved,
    });
    expect([...leaving]).toEqual(["MFkw-ada"]);
    expect(lostBetween({ ...nothing, before: [standingPhone], leaving })).toEqual([]);
    const turned = { ...standingRing, kids: ["two", "three"] };
    const kept = { ...nothing, before: [standingRing], after: [turned] };
    expect(lostBetween({ ...kept, saved: [{ ...savedRing, removedKids: ["one"] }] })).toEqual([]);
    expect(lostBetween({ ...kept, saved: [savedRing] })).toHaveLength(1);
  });

  it("is not excused by an operation that leaves it alone", () => {
    expect(lostBetween({ ...nothing, before: [standingPhone] })).toHaveLength(1);
  });

  it("goes because its replacement was asked for", () => {
    expect([...leavingOf({ before: declared, after: declared, forced: ["clients/billing"], saved })]).toEqual([
      "billing.json",
    ]);
  });
});
