import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { block, blockOf, withBlock } from "../../bench/report/block.mjs";

test("the figures in the README are those of RESULTS.md, to the letter", async () => {
  const [readme, results] = await Promise.all(["README.md", "bench/RESULTS.md"].map((file) => readFile(file, "utf8")));
  expect(blockOf(readme ?? "")).toBe(blockOf(results ?? ""));
});

test("new figures take the place of the old ones, and nothing else of the text changes", () => {
  const text = `# Title\n\n${block("| old |")}\n\nWhat $& and $1 stand for.\n`;
  const changed = withBlock(text, "| $& new |\n");
  expect(changed).toBe(`# Title\n\n${block("| $& new |")}\n\nWhat $& and $1 stand for.\n`);
  expect(blockOf(changed)).toBe(block("| $& new |"));
});

test("a text without a place for the figures is refused, so that no run's figures go nowhere unnoticed", () => {
  const { length } = block("");
  for (const text of ["# Title\n", block("").slice(0, length / 2), `${block("").slice(length / 2)}`]) {
    expect(() => withBlock(text, "| new |")).toThrow("bench:");
  }
});
