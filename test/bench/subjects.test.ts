import { expect, test } from "vitest";
import { resources } from "../../bench/resources/index.mjs";
import { isMeasured, isOfRound, mostOf, operationsOf, subjectNames } from "../../bench/subjects.mjs";

const { KeyriPublicKey, KeylessUser, BaikalClientKeys } = resources;

/** Who takes part in a run. */
const taking = (skipCheckpoints: boolean, resource = KeyriPublicKey) =>
  subjectNames.filter((name) => mostOf(resource, name, { skipCheckpoints, mostByHand: 1_000 }) !== undefined);

test("whoever is run, what was made is destroyed at the end", () => {
  for (const name of subjectNames) {
    for (const resource of Object.values(resources)) expect(operationsOf(resource, name).at(-1)).toBe("destroy");
  }
});

test("without checkpoints ours runs without its ledger too, and what is written by hand with the engine's default too", () => {
  expect(taking(true).toSorted()).toEqual(["authn", "bare", "hand", "handCheckpoints", "withoutLedger"]);
  expect(taking(true, KeylessUser).toSorted()).toEqual(["authn", "bare", "withoutLedger"]);
  expect(taking(false).toSorted()).toEqual(["authn", "bare", "hand"]);
});

test("the state is written at each step of a provider written by hand up to as many as are waited for, and beyond it isn't", () => {
  const most = (mostByHand: number) => mostOf(KeyriPublicKey, "handCheckpoints", { skipCheckpoints: true, mostByHand });
  expect([most(0), most(1_000)]).toEqual([0, 1_000]);
  expect(mostOf(KeyriPublicKey, "hand", { skipCheckpoints: true, mostByHand: 0 })).toBeGreaterThan(1_000);
});

test("what takes minutes a run is run once, the others in each round", () => {
  expect(subjectNames.filter((name) => isOfRound(name, 1))).toEqual(subjectNames);
  expect(subjectNames.filter((name) => !isOfRound(name, 2))).toEqual(["handCheckpoints"]);
});

test("a step that falls due and a variant are of those who have them", () => {
  expect(operationsOf(BaikalClientKeys, "bare")).toContain("dueStep");
  expect(operationsOf(KeyriPublicKey, "authn")).not.toContain("dueStep");
  expect(operationsOf(KeylessUser, "authn")).toContain("refreshWithoutDevices");
  expect(operationsOf(KeylessUser, "bare")).not.toContain("refreshWithoutDevices");
});

test("the tidying up of a subject that is measured in part is no figure", () => {
  expect(operationsOf(KeyriPublicKey, "withoutLedger")).toEqual(["create", "destroy"]);
  expect([isMeasured("withoutLedger", "create"), isMeasured("withoutLedger", "destroy")]).toEqual([true, false]);
  expect([isMeasured("authn", "destroy"), isMeasured("handCheckpoints", "noop")]).toEqual([true, true]);
});
