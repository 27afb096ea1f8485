/** What a command finds out before it decides, and what it asks of nobody. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { lockPath } from "../../../providers/host/ledger/index.js";
import { whyCheckpointsHere } from "../../../src/cli/ledger/checkpoint-facts.js";
import { clearPendingCreates, mayClear } from "../../../src/cli/ledger/pending-creates.js";
import { sealsAll } from "../../../src/cli/ledger/place.js";
import { savedStateOf } from "../../../src/cli/ledger/saved-state.js";
import { todaysReader } from "../../../src/cli/ledger/today.js";
import { scope } from "./_ledger.js";

const configuration = (values: Readonly<Record<string, string>>, ...secretKeys: string[]) => ({
  values,
  secretKeys: new Set(secretKeys),
});
const embedded = { "authn:tenant": "embedded" };
const refuse = () => Promise.reject(new Error("the engine was asked"));

describe("every resource has an entry", () => {
  test.each([
    ["with a seed in plain configuration", configuration({ "authn:seed": "s" }), {}, true],
    ["with an encrypted seed", configuration({}, "authn:seed"), {}, true],
    ["with a seed in the environment", configuration({}), { AUTHN_SEED: "s" }, true],
    ["with the embedded tenant's", configuration(embedded), {}, true],
    ["but not without any", configuration({}), { AUTHN_SEED: "" }, false],
    [
      "nor where one service beside the tenant has no seed",
      configuration({ ...embedded, "keyri:url": "x" }),
      {},
      false,
    ],
    ["nor where its address is encrypted", configuration(embedded, "keyless:agentUrl"), {}, false],
  ])("%s", (_, given, environment, expected) => expect(sealsAll(given, environment)).toBe(expected));
});

describe("the engine is asked for an encrypted value", () => {
  test("only where somebody wants one", async () => {
    const read = await todaysReader(
      configuration({ "keyri:url": "u" }, "keyri:token"),
      (key) => key === "authn:seed",
      refuse,
    );
    expect(read("keyri:url")).toBe("u");
  });

  test("and its answer counts for nothing else", async () => {
    const answer = JSON.stringify({ "keyri:token": { value: "t" }, "keyri:url": { value: "another" } });
    const read = await todaysReader(
      configuration({ "keyri:url": "u" }, "keyri:token"),
      () => true,
      async () => answer,
    );
    expect([read("keyri:token"), read("keyri:url"), read("keyri:paths")]).toEqual(["t", "u", undefined]);
  });
});

describe("the engine's marks of unfinished creates", () => {
  const ours = "pulumi-nodejs:dynamic/authn:KeyriPublicKey";
  const state = (pending: readonly (readonly [doing: string, type: string])[]) =>
    savedStateOf(
      JSON.stringify({
        version: 3,
        deployment: {
          pending_operations: pending.map(([type, token]) => ({
            type,
            resource: { type: token, custom: !token.endsWith(":FixtureSet") },
          })),
        },
      }),
    )?.pending ?? [];
  test.each<[string, readonly (readonly [string, string])[], boolean]>([
    ["go where all are of this package", [["creating", ours]], true],
    [
      "go with the component over them, of which nothing stands outside",
      [
        ["creating", ours],
        ["creating", "pulumi-authn:index:FixtureSet"],
      ],
      true,
    ],
    [
      "stay where one is another package's",
      [
        ["creating", ours],
        ["creating", "aws:s3/bucket:Bucket"],
      ],
      false,
    ],
    [
      "stay where something else is unfinished",
      [
        ["creating", ours],
        ["deleting", ours],
      ],
      false,
    ],
    ["are left alone where there are none", [], false],
  ])("%s", (_, pending, expected) => expect(mayClear(state(pending))).toBe(expected));

  describe("an import would undo what another operation has saved meanwhile: so they stay", () => {
    const cleared = async (exports: readonly string[], isOthers: boolean) => {
      const folder = await mkdtemp(join(tmpdir(), "authn-facts-"));
      const left = [...exports];
      let imported: string | undefined;
      const automation = {
        exportState: async () => left.shift() ?? "",
        importState: async (_: unknown, file: string) => {
          imported = await readFile(file, "utf8");
        },
      };
      const count = await clearPendingCreates(automation, "dev", { folder }, async () => isOthers);
      const files = await readdir(folder);
      await rm(folder, { recursive: true });
      return { count, imported, files };
    };
    const saved = (serial: number) =>
      JSON.stringify({
        version: 3,
        deployment: { serial, pending_operations: [{ type: "creating", resource: { type: ours, custom: true } }] },
      });

    test("where the state isn't what it was", async () => {
      expect(await cleared([saved(1), saved(2)], false)).toEqual({ count: 0, imported: undefined, files: [] });
    });
    test("where its lock is seen", async () => {
      expect(await cleared([saved(1), saved(1)], true)).toEqual({ count: 0, imported: undefined, files: [] });
    });
    test("where the engine refuses, nothing of it is left in a file", async () => {
      const folder = await mkdtemp(join(tmpdir(), "authn-facts-"));
      const automation = {
        exportState: async () => saved(1),
        importState: () => Promise.reject(new Error("the stack is currently locked")),
      };
      await expect(clearPendingCreates(automation, "dev", { folder }, async () => false)).rejects.toThrow("locked");
      expect(await readdir(folder)).toEqual([]);
      await rm(folder, { recursive: true });
    });
    test("but nobody else's hinder", async () => {
      expect(await cleared([saved(1), saved(1)], false)).toEqual({ count: 1, imported: saved(1), files: [] });
    });
  });
});

describe("before an operation", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "authn-facts-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const question = (rest: object) => ({
    situation: {
      backend: { url: "s3://states", folder: undefined, ours: false },
      configuration: configuration({ "authn:seed": "s" }),
      holds: undefined,
    },
    environment: {},
    place: { folder: join(folder, "not", "there", "yet"), scope, backend: undefined, given: true },
    wanted: false,
    askForeign: refuse,
    ...rest,
  });

  test("a bucket's state is asked what it holds only where all else is well", async () => {
    expect(await whyCheckpointsHere(question({ wanted: true }))).toContain("--checkpoints");
    expect(await whyCheckpointsHere(question({ askForeign: async () => "aws:s3/bucket:Bucket" }))).toContain("aws:s3");
    expect(await whyCheckpointsHere(question({ askForeign: async () => undefined }))).toBeUndefined();
  });

  test("a folder's state, on the ledger's disk, is asked of nobody", async () => {
    const situation = {
      ...question({}).situation,
      backend: { url: `file://${folder}`, folder: join(folder, "state"), ours: true },
      holds: { nothing: true, declared: [] },
    };
    const place = { folder: join(folder, "ledger"), scope, backend: undefined, given: false };
    expect(await whyCheckpointsHere(question({ situation, place }))).toBeUndefined();
  });

  test("another operation that holds the ledger is named", async () => {
    const place = { folder, scope, backend: undefined, given: true };
    await mkdir(folder, { recursive: true });
    const holder = { operation: "1", pid: process.pid, hostname: hostname(), startedAt: "2026-11-01T00:00:00Z" };
    await writeFile(lockPath(folder), JSON.stringify(holder));
    expect(await whyCheckpointsHere(question({ place }))).toContain(
      `locked by process ${process.pid} on ${hostname()}`,
    );
  });
});
