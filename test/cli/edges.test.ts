import { expect, test } from "vitest";
import { hasEnded } from "../../providers/host/alive.js";
import { asksForJson } from "../../src/cli/command-line.js";
import { unlessStopped } from "../../src/cli/stopped.js";

test("Ctrl-C while the engine is being got is told in our words, with what to do", async () => {
  const stop = new AbortController();
  stop.abort();
  const told = unlessStopped(stop.signal, Promise.reject(stop.signal.reason));
  await expect(told).rejects.toThrow(/Stopped before anything was done.*Run the command again/s);
  const failure = new Error("no engine");
  await expect(unlessStopped(new AbortController().signal, Promise.reject(failure))).rejects.toBe(failure);
});

test("a process that has ended but that nobody asked after is dead, whatever its name holds", () => {
  expect(hasEnded("41 (node) Z 1 41 41 0")).toBe(true);
  expect(hasEnded("41 (odd) S (name) X 1 41")).toBe(true);
  expect(hasEnded("41 (odd) Z (name) S 1 41")).toBe(false);
  expect(hasEnded("41 (node) R 1 41")).toBe(false);
});

test("scripts get their line on wrong usage wherever --json stands, but not for an argument after --", () => {
  expect(asksForJson(["--json", "up", "--bogus"])).toBe(true);
  expect(asksForJson(["up", "--", "--json"])).toBe(false);
});
