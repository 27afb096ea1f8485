import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { portraitOf } from "../../bench/portraits.mjs";
import { loadFixtures } from "../../src/fixtures/load.js";
import { declaredBy, type Operation } from "../../tools/chaos/changes.mjs";
import { declarationOf, resourcesOf } from "../../tools/chaos/declaration.mjs";
import { fixturesOf, portraitsOf } from "../../tools/chaos/fixtures.mjs";
import { roundOf, seedOfRound } from "../../tools/chaos/plan.mjs";
import { parentsOf } from "../../tools/chaos/process-tree.mjs";
import { randomFrom } from "../../tools/chaos/random.mjs";
import { roundLines, summaryLines } from "../../tools/chaos/report.mjs";

const namesOf = (declaration: Parameters<typeof resourcesOf>[0]) => resourcesOf(declaration).map(({ name }) => name);

describe("a round", () => {
  it("is the very same for the same seed, and another one for the next", () => {
    const seeds = [0, 1].map((index) => seedOfRound("s", index));
    expect(seeds[0]).not.toBe(seeds[1]);
    const [one = "", other = ""] = seeds;
    expect(roundOf(one, 24, true)).toEqual(roundOf(one, 24, true));
    expect(roundOf(one, 24, true)).not.toEqual(roundOf(other, 24, true));
  });

  it("begins with a create and ends with a destroy, kills somebody in each, and within reach", async () => {
    await fc.assert(
      fc.property(fc.string(), fc.integer({ min: 4, max: 300 }), (seed, resources) => {
        const { acts } = roundOf(seed, resources, true);
        expect(acts[0]?.operation).toBe("create");
        expect(acts.at(-1)?.operation).toBe("destroy");
        for (const { kills } of acts) {
          expect(kills.length).toBeGreaterThan(0);
          for (const kill of kills) {
            expect(kill.targets.length).toBeGreaterThan(0);
            if (kill.at === "boundary") expect(kill.nth).toBeGreaterThan(0);
          }
        }
      }),
    );
  });

  it("waits for no moment of a ledger that there isn't", () => {
    const rounds = Array.from({ length: 50 }, (_, index) => roundOf(`${index}`, 24, false));
    const moments = rounds
      .flatMap(({ acts }) => acts)
      .flatMap(({ kills }) => kills.map((kill) => ("moment" in kill ? kill.moment : "")));
    expect(moments.filter((moment) => moment.includes("ledger"))).toEqual([]);
  });

  it("reaches, with its neighbours, every moment, every operation and every set of processes", () => {
    const acts = Array.from({ length: 80 }, (_, index) => roundOf(seedOfRound("all", index), 24, true)).flatMap(
      (round) => round.acts,
    );
    const kills = acts.flatMap((act) => act.kills);
    expect(new Set(acts.map(({ operation }) => operation)).size).toBe(9);
    expect(new Set(kills.map(({ targets }) => targets.join())).size).toBe(7);
    expect(new Set(kills.map((kill) => ("moment" in kill ? kill.moment : kill.at))).size).toBe(10);
  });
});

describe("what is declared", () => {
  it("has exactly as many resources as were asked for, of all four types", () => {
    for (const count of [8, 12, 24, 37, 200]) {
      const resources = resourcesOf(declarationOf(count));
      expect(resources).toHaveLength(count);
      expect(new Set(resources.map(({ type }) => type)).size).toBe(4);
    }
  });

  it("is another thing after each operation that changes it, and the same after one that is taken back", () => {
    const before = declarationOf(40);
    const operated = (operation: Operation) => declaredBy(before, operation, 1);
    for (const operation of ["update", "replace", "swap"] as const)
      expect(operated(operation).last).not.toEqual(before);
    expect(operated("abandon").begun).not.toEqual(before);
    expect(operated("abandon").last).toEqual(before);
    expect(operated("reconsider").last).not.toEqual(operated("reconsider").begun);
    expect(resourcesOf(operated("destroy").last)).toEqual([]);
    // Names stay but where people come and go.
    expect(namesOf(operated("replace").last)).toEqual(namesOf(before));
    expect(namesOf(operated("swap").last)).toHaveLength(40);
  });

  it("replaces some, and leaves every second person alone", () => {
    const before = declarationOf(40);
    const made = new Map(resourcesOf(before).map(({ name, made }) => [name, made]));
    const made2 = resourcesOf(declaredBy(before, "replace", 1).last);
    const kept = made2.filter((one) => made.get(one.name) === one.made);
    expect(kept.length).toBeGreaterThan(10);
    expect(made2.length - kept.length).toBeGreaterThan(10);
  });

  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "authn-chaos-fixtures-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("is what the fixtures' loader takes, whatever operations came before", async () => {
    let declaration = declarationOf(40);
    for (const [turn, operation] of (["create", "update", "replace", "swap", "reconsider"] as const).entries()) {
      declaration = declaredBy(declaration, operation, turn).last;
      const file = join(folder, "people.yaml");
      await writeFile(file, fixturesOf(declaration));
      await mkdir(join(folder, "faces"), { recursive: true });
      for (const portrait of portraitsOf(declaration))
        await writeFile(join(folder, portrait), portraitOf(portrait, 8_000));
      const fixtures = await loadFixtures(dirname(file), {
        base: folder,
        placeholders: { environment: {}, configuration: () => undefined },
      });
      expect(fixtures.people).toHaveLength(declaration.people.length);
      expect(fixtures.clients).toHaveLength(declaration.clients.length);
    }
  });
});

describe("what is told", () => {
  const played = {
    struck: [{ operation: "create", at: "request sent", targets: ["program", "engine"] }],
    missed: 1,
    runs: 3,
    folder: "/x",
  };

  it("is one line of a round in which all was well, and of another the command that plays it again", () => {
    const told = {
      title: "round 1",
      replay: "npm run chaos -- --round abc",
      seconds: 3,
      played: { ...played, findings: [] },
    };
    expect(roundLines(told)).toEqual(["round 1: 1 kills struck, 1 came too late, 3 runs, 0 findings, 3 s"]);
    const findings = [{ kind: "orphan", what: "KeyriPublicKey x" }] as const;
    const lines = roundLines({ ...told, played: { ...played, findings } });
    expect(lines).toContain("  orphan: KeyriPublicKey x");
    expect(lines.at(-1)).toBe("  again: npm run chaos -- --round abc");
  });

  it("sums up who was killed, where, and what was left", () => {
    const findings = [{ kind: "lost key", what: "k" }] as const;
    const told = { title: "r", replay: "", seconds: 60, played: { ...played, findings } };
    const lines = summaryLines([told, told]);
    expect(lines[0]).toBe("2 kills in 2 rounds, 2.0 min");
    expect(lines).toContain("  of: engine + program 2");
    expect(lines).toContain("0 orphans, 0 duplicates, 2 lost keys");
  });
});

describe("chances and processes", () => {
  it("come from the seed alone, and fall in their range", () => {
    const draw = () => {
      const random = randomFrom("seed");
      return Array.from({ length: 100 }, () => random.integer(7));
    };
    expect(draw()).toEqual(draw());
    expect(new Set(draw()).size).toBe(7);
    expect(Math.max(...draw())).toBe(6);
  });

  it("are followed from a process up to the command that started it all", () => {
    const tree = [
      { pid: 10, parent: 1, command: "program" },
      { pid: 20, parent: 10, command: "engine" },
      { pid: 30, parent: 20, command: "sh" },
      { pid: 40, parent: 30, command: "host" },
    ];
    expect(parentsOf(tree, 40, 10)).toEqual([30, 20]);
  });
});
