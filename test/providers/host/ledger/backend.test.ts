import { homedir } from "node:os";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { backendMark } from "../../../../providers/host/ledger/backend.js";

const mark = (url: string | undefined) => backendMark(url, "/project/.authn", "/project");

test("two spellings of one place are one state", () => {
  expect(mark("file://./states")).toBe(mark("file:///project/states"));
  expect(mark("file:///project/states/")).toBe(mark("file:///project/states"));
  expect(mark("file://~/states")).toBe(mark(pathToFileURL(`${homedir()}/states`).href));
  expect(mark("s3://bucket/a?region=eu-west-1")).toBe(mark("s3://bucket/a"));
});

test("another folder, bucket, database or machine is another state", () => {
  const places = [
    "file:///project/states",
    "file:///elsewhere/states",
    "s3://bucket/a",
    "s3://bucket/b",
    "s3://other/a",
    "postgres://here/state",
    "postgres://there/state",
    "postgres://here:5433/state",
  ];
  expect(new Set(places.map(mark)).size).toBe(places.length);
});

test("a password is no part of it: the state is the same after it was changed", () => {
  expect(mark("postgres://authn:old@here/state")).toBe(mark("postgres://ada:new@here/state"));
});

test("the state of AUTHN_HOME is the same one after the project was moved", () => {
  expect(mark("file:///project/.authn/state")).toBe(
    backendMark("file:///moved/.authn/state", "/moved/.authn", "/moved"),
  );
});

test("where only the engine knows, or the address is none, nothing is told apart", () => {
  expect([undefined, "", "nowhere", "file://folder"].map(mark)).toEqual([undefined, undefined, undefined, undefined]);
});
