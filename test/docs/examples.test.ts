/** The code that the documentation shows is code that works: it compiles against the built package, it runs where it can, and fixtures validate. */
import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { declareFixtures } from "../../src/fixtures/declare.js";
import { readDocument } from "../../src/fixtures/document.js";
import { faultsOf } from "./_compiler.js";
import { blocksOf } from "./_markdown.js";

const repository = new URL("../../", import.meta.url);
const readme = await readFile(new URL("README.md", repository), "utf8");

describe("README.md", () => {
  it("has TypeScript examples, and each compiles under the strictest settings against the package's types", () => {
    const blocks = blocksOf(readme, "ts");
    expect(blocks.length).toBeGreaterThan(3);
    // Beginning where the block does in the file, so that a fault names the README's own line.
    const sources = blocks.map(({ text, line }) => [`readme-${line}.ts`, "\n".repeat(line - 1) + text]);
    expect(faultsOf(Object.fromEntries(sources))).toEqual([]);
  });

  it("has examples of tests that pass as they stand, against the tenant that they start", async () => {
    const tests = blocksOf(readme, "ts").filter(({ text }) => text.includes("startTenant"));
    expect(tests).toHaveLength(3);
    const cwd = fileURLToPath(repository);
    for (const { text } of tests)
      await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", text], { cwd });
  });

  it("shows fixtures that are valid, each file for itself", () => {
    const files = blocksOf(readme, "yaml").filter(({ text }) => /^(people|clients):/m.test(text));
    expect(files.length).toBeGreaterThan(0);
    const placeholders = { environment: { AUTHN_FIXTURE_GRACE: "grace" }, configuration: () => "known" };
    for (const { text, line } of files)
      expect(() => declareFixtures([readDocument({ file: `README.md:${line}`, text })], placeholders)).not.toThrow();
  });
});

describe("a compile check", () => {
  it("sees a property that the package doesn't have, and a missing one", () => {
    const source = 'import { KeyriPublicKey } from "pulumi-authn";\nnew KeyriPublicKey("ada", { name: "ada" });\n';
    expect(faultsOf({ "wrong.ts": source })).toEqual([expect.stringContaining("wrong.ts:2")]);
  });
});

describe("examples/", () => {
  it("hold programs that compile against the package's types", async () => {
    const folder = new URL("examples/", repository);
    const programs = (await readdir(folder, { recursive: true })).filter(
      (name) => /\.(js|ts)$/.test(name) && !name.includes("node_modules"),
    );
    expect(programs.length).toBeGreaterThan(0);
    const sources = await Promise.all(
      programs.map(async (name) => [name.replaceAll(/[\\/]/g, "-"), await readFile(new URL(name, folder), "utf8")]),
    );
    expect(faultsOf(Object.fromEntries(sources))).toEqual([]);
  });
});
