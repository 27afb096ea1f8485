import { expect, test } from "vitest";
import { readOptions, runsOf, skipsCheckpoints } from "../../bench/options.mjs";

test("without arguments each resource is measured with few people and with more, and all that is measured besides", () => {
  const options = readOptions([]);
  expect(options).toMatchObject({
    resources: ["KeyriPublicKey", "KeylessUser", "HankoCredential", "BaikalClientKeys"],
    users: [20, 100],
    wait: true,
  });
  expect(options).toMatchObject({ agent: 100, images: 20, registrations: 1_000, rings: 200, besideRings: 200 });
});

test("one resource alone leaves out what is measured of the others", () => {
  const options = readOptions(["--resource", "KeyriPublicKey", "--users", "5", "--users", "5", "--users", "7"]);
  expect(options).toMatchObject({ resources: ["KeyriPublicKey"], users: [5, 7] });
  expect(options).toMatchObject({ agent: undefined, images: undefined, registrations: undefined });
  expect(options).toMatchObject({ rings: undefined, besideRings: undefined });
  const other = readOptions(["--resource", "HankoCredential"]);
  expect(other).toMatchObject({ agent: undefined, images: undefined, registrations: 1_000 });
});

test("each measure can be had alone", () => {
  const none = ["--no-users", "--no-rings", "--no-wait", "--no-images", "--no-registrations", "--no-beside-rings"];
  const options = readOptions([...none, "--agent", "30"]);
  expect(options).toMatchObject({ users: [], wait: false, images: undefined, registrations: undefined, agent: 30 });
  expect(options).toMatchObject({ besideRings: undefined });
  expect(runsOf(options)).toEqual([]);
});

test("there are as many rings however many people there are, and one run of them", () => {
  const runs = runsOf(readOptions(["--users", "5", "--users", "7", "--rings", "3"]));
  expect(runs.filter(({ resource }) => resource === "BaikalClientKeys")).toEqual([
    { resource: "BaikalClientKeys", users: 3 },
  ]);
  expect(runs.filter(({ resource }) => resource === "HankoCredential").map(({ users }) => users)).toEqual([5, 7]);
  expect(runsOf(readOptions(["--no-users", "--resource", "BaikalClientKeys"]))).toHaveLength(1);
});

test("the state is written once for many people only, unless the command line says so", () => {
  expect(skipsCheckpoints(readOptions([]), 100)).toBe(false);
  expect(skipsCheckpoints(readOptions([]), 1_000)).toBe(true);
  expect(skipsCheckpoints(readOptions(["--no-skip-checkpoints"]), 1_000)).toBe(false);
});

test("the whole is a thousand of each and ten thousand of the cheapest, without checkpoints, with all that is measured besides", () => {
  const options = readOptions(["--whole"]);
  expect(options).toMatchObject({ whole: true, wait: true, agent: 100, images: 20, mostByHand: 1_000, rings: 200 });
  expect(runsOf(options)).toEqual([
    { resource: "KeyriPublicKey", users: 1_000 },
    { resource: "KeyriPublicKey", users: 10_000 },
    { resource: "KeylessUser", users: 1_000 },
    { resource: "HankoCredential", users: 1_000 },
    { resource: "BaikalClientKeys", users: 200 },
  ]);
  expect(runsOf(options).map(({ users }) => skipsCheckpoints(options, users))).not.toContain(false);
  expect(readOptions([]).whole).toBe(false);
});

test("the figures that are kept are medians of several rounds, those that are only shown may be of one", () => {
  expect([readOptions(["--whole"]).repeat, readOptions([]).repeat]).toEqual([3, 1]);
  expect(readOptions(["--whole", "--repeat", "5"]).repeat).toBe(5);
});

test("any part of the whole can be set otherwise", () => {
  const options = readOptions(["--whole", "--users", "5", "--keys", "7", "--no-hand-checkpoints", "--no-wait"]);
  expect(runsOf(options).map(({ users }) => users)).toEqual([5, 7, 5, 5, 200]);
  expect(options).toMatchObject({ whole: true, mostByHand: 0, wait: false });
  expect(runsOf(readOptions(["--whole", "--resource", "HankoCredential"])).map(({ users }) => users)).toEqual([1_000]);
});

test("a number of keys that is asked for twice is run once", () => {
  const runs = runsOf(readOptions(["--resource", "KeyriPublicKey", "--users", "5", "--keys", "5", "--keys", "6"]));
  expect(runs.map(({ users }) => users)).toEqual([5, 6]);
});
