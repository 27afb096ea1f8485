import { expect, test } from "vitest";
import { locksNamedIn } from "../../src/cli/remote-locks.js";

const words = (count: number, lines: readonly string[]) =>
  `the stack is currently locked by ${count} lock(s). Either wait for the other process(es) to end or delete the lock file with \`pulumi cancel\`.\n${lines
    .map((line) => `  postgres:///state/.pulumi/locks/organization/shop/dev/57d5.json?sslmode=disable: ${line}`)
    .join("\n")}`;
const line = "created by ada@here (pid 12) at 2026-01-02T03:04:05Z (pulumi up)";
const lock = { username: "ada", hostname: "here", pid: 12, timestamp: new Date("2026-01-02T03:04:05Z") };

test("the locks that the engine names are read, each with its holder", () => {
  expect(locksNamedIn(words(2, [line, line]))).toEqual([lock, lock]);
});

test("where one of them can't be read, none counts: it may be somebody's who lives", () => {
  expect(locksNamedIn(words(2, [line, "created by nobody knows whom"]))).toEqual([]);
  expect(locksNamedIn(words(1, ["created by ada@here (pid 12) at noon (pulumi up)"]))).toEqual([]);
});

test("other words name no lock", () => {
  expect(locksNamedIn(line)).toEqual([]);
  expect(locksNamedIn("the stack is broken")).toEqual([]);
});
