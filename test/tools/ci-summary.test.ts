import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const summary = fileURLToPath(new URL("../../tools/ci-summary.mjs", import.meta.url));
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "authn-summary-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

interface Counts {
  readonly passed: number;
  readonly failed?: number;
  readonly skipped?: number;
  /** Test files that did not load. */
  readonly unloaded?: number;
}

/** A report with the fields of vitest's JSON reporter that tell how a run ended. */
async function report(name: string, { passed, failed = 0, skipped = 0, unloaded = 0 }: Counts): Promise<string> {
  const path = join(folder, name);
  const failing = { status: "failed", assertionResults: [{ status: "failed" }] };
  const broken = { status: "failed", assertionResults: [] };
  const testResults = [...(failed > 0 ? [failing] : []), ...Array.from({ length: unloaded }, () => broken)];
  const counts = { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped, numTodoTests: 0 };
  await writeFile(path, JSON.stringify({ ...counts, testResults }));
  return path;
}

async function summarize(steps: readonly (readonly [number, string, string])[]) {
  const list = join(folder, "steps");
  await writeFile(list, steps.map((step) => `${step.join("\t")}\n`).join(""));
  const { status, stdout } = spawnSync(process.execPath, [summary, list], { encoding: "utf8" });
  return { status, last: stdout.trim().split("\n").at(-1) };
}

test("the runs are added up into the closing line", async () => {
  const [one, other] = [await report("one", { passed: 50 }), await report("other", { passed: 40, skipped: 2 })];
  const steps = [
    [0, "-", "check"],
    [0, one, "tests"],
    [0, other, "tests on Node 22"],
  ] as const;
  expect(await summarize(steps)).toEqual({ status: 0, last: "90 passed, 0 failed, 2 skipped" });
});

test("a failed test fails the run, and counts once", async () => {
  const path = await report("one", { passed: 50, failed: 1 });
  expect(await summarize([[1, path, "tests"]])).toEqual({ status: 1, last: "50 passed, 1 failed" });
});

test("a test file that doesn't load counts as a failure", async () => {
  const path = await report("one", { passed: 50, unloaded: 2 });
  expect(await summarize([[1, path, "tests"]])).toEqual({ status: 1, last: "50 passed, 2 failed" });
});

test("a failed check fails the run though all tests pass", async () => {
  const path = await report("one", { passed: 50 });
  expect(
    await summarize([
      [1, "-", "check"],
      [0, path, "tests"],
    ]),
  ).toEqual({ status: 1, last: "50 passed, 1 failed" });
});

test("tests that pass in a run that ends badly, by an unhandled error or a time limit, are a failure", async () => {
  const path = await report("one", { passed: 50 });
  expect(await summarize([[124, path, "tests"]])).toEqual({ status: 1, last: "50 passed, 1 failed" });
});

test.each([
  ["left no report", async () => join(folder, "missing")],
  ["ran no test", () => report("empty", { passed: 0 })],
])("a run that %s is a failure even when it says that all is well", async (_, path) => {
  const whole = await report("whole", { passed: 50 });
  expect(
    await summarize([
      [0, whole, "tests"],
      [0, await path(), "tests on Node 22"],
    ]),
  ).toEqual({
    status: 1,
    last: "50 passed, 1 failed",
  });
});

test("checks alone are not enough", async () => {
  expect((await summarize([[0, "-", "check"]])).status).toBe(1);
});
