/** Whatever SECURITY.md says that nobody can do has a test beside it, and each test that it names is there under that name. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";

const repository = new URL("../../", import.meta.url);
const text = await readFile(new URL("SECURITY.md", repository), "utf8");

/** A link to a test's file with the test's name as its title: `[test](test/a.test.ts "says so")`. */
const TEST = /\[test\]\(([^\s)]+)\s+"([^"]+)"\)/g;

/** Every list item, its lines as one. */
const items = text
  .split(/^(?=- |#|$)/m)
  .flatMap((part) => (part.startsWith("- ") ? [part.replaceAll(/\s+/g, " ")] : []));

/** Whether a title stands there as the first argument of a test or of a table of tests. */
async function holds(file: string, name: string): Promise<boolean> {
  const url = new URL(file, repository);
  if (!existsSync(url)) return false;
  const title = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`\\(\\s*(["'\`])${title}\\1`).test(await readFile(url, "utf8"));
}

describe("SECURITY.md", () => {
  it("names only tests that there are", async () => {
    const named = [...text.matchAll(TEST)].map(([, file = "", name = ""]) => ({ file, name }));
    const lost: string[] = [];
    for (const { file, name } of named) if (!(await holds(file, name))) lost.push(`${file}: ${name}`);
    expect(lost).toEqual([]);
    expect(named.length).toBeGreaterThan(40);
  });

  it("has a test for each thing that it says can't be done", () => {
    const claims = items.filter((item) => item.startsWith("- Can't:"));
    const bare = claims.filter((claim) => !new RegExp(TEST.source).test(claim));
    expect(bare).toEqual([]);
    expect(claims.length).toBeGreaterThan(15);
  });

  it("says of everybody what they can do, too: no list of what is prevented alone", () => {
    for (const section of text.split(/^## /m).filter((part) => part.includes("- Can't:")))
      expect(section, section.split("\n")[0]).toContain("- Can:");
  });
});
