import { createRequire } from "node:module";
import { describe, expect, test } from "vitest";

/** Files of @pulumi/aws that this process has loaded; it is CommonJS, so all of them are in this cache. */
const loaded = () =>
  Object.keys(createRequire(import.meta.url).cache).filter((file) => file.includes("/node_modules/@pulumi/aws/"));

describe("@pulumi/aws", () => {
  test("is loaded by the entry of AWS only, which loads no more of it than its resources", async () => {
    for (const entry of ["../../src/index.js", "../../src/program.js", "../../providers/dynamic.js"])
      await import(entry);
    expect(loaded()).toEqual([]);
    await import("../../src/aws/index.js");
    expect(loaded().some((file) => file.endsWith("/s3/bucket.js"))).toBe(true);
    expect(loaded().some((file) => file.endsWith("/@pulumi/aws/index.js"))).toBe(false);
  });
});
