import { homedir } from "node:os";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { backendMark } from "../../../../providers/host/ledger/backend.js";

const beside = (projectFolder: string) => ({ projectFolder, ownState: `${projectFolder}/.authn/state` });
const mark = (url: string | undefined) => backendMark(url, beside("/project"));

test("two spellings of one place are one state", () => {
  expect(mark("file://./states")).toBe(mark("file:///project/states"));
  expect(mark("file:///project/states/")).toBe(mark("file:///project/states"));
  expect(mark("file://./my%20states")).toBe(mark("file:///project/my%20states"));
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
    "postgres://here/state?table=one",
    "s3://bucket/a?prefix=team/",
    "s3://bucket/a?endpoint=minio.example",
    "azblob://states?storage_account=one",
    "azblob://states?storage_account=two",
  ];
  expect(new Set(places.map(mark)).size).toBe(places.length);
});

test("a password is no part of it: the state is the same after it was changed", () => {
  expect(mark("postgres://authn:old@here/state")).toBe(mark("postgres://ada:new@here/state"));
});

test("the state of AUTHN_HOME is the same one after the project was moved", () => {
  expect(mark("file:///project/.authn/state")).toBe(backendMark("file:///moved/.authn/state", beside("/moved")));
  // A ledger elsewhere may have several such states beside it.
  const elsewhere = ["/one", "/two"].map((projectFolder) =>
    backendMark(`file://${projectFolder}/.authn/state`, { projectFolder, ownState: undefined }),
  );
  expect(new Set(elsewhere).size).toBe(2);
});

test("where only the engine knows, or the address is none, nothing is told apart", () => {
  expect([undefined, "", "nowhere", "file://folder", "file:///a%2Fb", "file://./%"].map(mark)).toEqual(
    Array(6).fill(undefined),
  );
});
