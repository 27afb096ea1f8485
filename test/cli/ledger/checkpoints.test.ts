import { describe, expect, test } from "vitest";
import { type CheckpointFacts, whyCheckpoints } from "../../../src/cli/ledger/checkpoints.js";

const ledger = { sealsAll: true, given: false, besideState: true, lockedBy: undefined };
const facts: CheckpointFacts = {
  wanted: false,
  chosen: undefined,
  backendUrl: "file:///home/ada/shop/.authn/state",
  ledger,
  foreign: undefined,
};
const given = { ...ledger, given: true, besideState: false };

describe("the engine leaves out its checkpoints", () => {
  test.each<[string, Partial<CheckpointFacts>]>([
    ["on a folder backend with the ledger on the same disk", {}],
    ["on another disk, where authn:ledger names the place", { ledger: given }],
    ["on a bucket, where authn:ledger names the place", { backendUrl: "s3://states", ledger: given }],
    ["on a database, where authn:ledger names the place", { backendUrl: "postgres://states/db", ledger: given }],
  ])("%s", (_, differing) => expect(whyCheckpoints({ ...facts, ...differing })).toBeUndefined());
});

describe("the engine keeps its checkpoints", () => {
  test.each<[string, Partial<CheckpointFacts>, string]>([
    ["where the caller has decided it himself", { chosen: "true" }, "PULUMI_SKIP_CHECKPOINTS"],
    ["where he has decided it by an empty variable", { chosen: "" }, "PULUMI_SKIP_CHECKPOINTS"],
    ["where --checkpoints asks for them", { wanted: true }, "--checkpoints"],
    ["on Pulumi Cloud", { backendUrl: "https://api.pulumi.com", ledger: given }, "service"],
    ["where the ledger is off", { ledger: undefined }, "authn:ledger is off"],
    ["where a resource may have no seed", { ledger: { ...given, sealsAll: false } }, "authn:seed"],
    ["where the ledger is on another disk", { ledger: { ...ledger, besideState: false } }, "sure to stay"],
    [
      "on a bucket with the ledger in a place that comes and goes",
      { backendUrl: "s3://states", ledger: { ...ledger, besideState: false } },
      "authn:ledger",
    ],
    ["while another operation holds the ledger", { ledger: { ...ledger, lockedBy: "process 7 on here" } }, "process 7"],
    ["where the state holds what is another provider's", { foreign: "aws:s3/bucket:Bucket" }, "aws:s3/bucket:Bucket"],
  ])("%s", (_, differing, reason) => expect(whyCheckpoints({ ...facts, ...differing })).toContain(reason));
});
