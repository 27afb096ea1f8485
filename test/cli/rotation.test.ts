import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Ring } from "../../providers/baikal/ring/ring.js";
import { proven, revoked } from "../../providers/baikal/ring/transitions.js";
import { commandLine } from "../../src/cli/command-line.js";
import { livesOf } from "../../src/cli/ring/lives.js";
import { projectionOf } from "../../src/cli/ring/projection.js";
import { rotationOf, rotationText } from "../../src/cli/ring/rotation.js";
import { type SavedRing, savedRing } from "../../src/cli/ring/saved-ring.js";
import { showsUnicode } from "../../src/cli/ring/terminal.js";
import { ascii, timelineLines, unicode } from "../../src/cli/ring/timeline.js";
import { beginMs, dayMs, plainKey, policy, ringWith, rotated, savedResource, stateText } from "./_rings.js";

const one = ringWith(plainKey("first"), plainKey("second"));
const two = rotated(one, plainKey("third"), beginMs + 7 * dayMs);
const intent = { policy, revoked: [], provesByGrant: false };
const readable = (ring: Ring, inputs = {}): SavedRing => {
  const saved = savedRing("clients/billing", savedResource("clients/billing", ring, inputs));
  if (saved === undefined) throw new Error("The ring can't be read");
  return saved;
};

describe("the coming steps", () => {
  const steps = (ring: Ring, nowMs: number, untilMs: number) =>
    projectionOf(ring, intent, nowMs, untilMs).steps.map(({ step, kid, atMs }) => [
      step,
      kid,
      (atMs - beginMs) / dayMs,
    ]);

  test("promote at each slot, and take the key before out once it has retired", () => {
    const telling = steps(two, beginMs + 8 * dayMs, beginMs + 22 * dayMs).filter(([step]) => step !== "observe");
    const retired = policy.retireAfterMs / dayMs;
    expect(telling).toEqual([
      ["remove", "first", 8],
      ["promote", "third", 14],
      ["prepare", undefined, 14],
      ["publish", "next-1", 14],
      ["remove", "second", 14 + retired],
      ["promote", "next-1", 21],
      ["prepare", undefined, 21],
      ["publish", "next-2", 21],
      ["remove", "third", 21 + retired],
    ]);
  });

  test("that were missed come now, one lead apart from the standby that they need", () => {
    const late = steps(one, beginMs + 30 * dayMs, beginMs + 31 * dayMs).filter(([step]) => step === "promote");
    expect(late).toEqual([["promote", "second", 30]]);
  });

  test("of a ring whose active key is revoked begin with that", () => {
    const { steps: coming } = projectionOf(
      one,
      { ...intent, revoked: ["first"] },
      beginMs + dayMs,
      beginMs + 2 * dayMs,
    );
    expect(coming[0]).toMatchObject({ step: "revoke", kid: "first", atMs: beginMs + dayMs });
  });

  test("never come before now nor out of order, whatever the period and however late it is", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 2, max: 40 }), (hours, periodDays) => {
        const nowMs = beginMs + hours * 3_600_000;
        const declared = { ...intent, policy: { ...policy, periodMs: periodDays * dayMs } };
        const times = projectionOf(one, declared, nowMs, nowMs + 90 * dayMs).steps.map(({ atMs }) => atMs);
        expect(times.every((atMs) => atMs >= nowMs)).toBe(true);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
      }),
      { numRuns: 50 },
    );
  });
});

describe("the lives of keys", () => {
  const phases = (ring: Ring) => livesOf(ring, []).map(({ kid, phases }) => [kid, ...phases.map(({ state }) => state)]);

  test("are those of the history: the key of before retires when the next one signs", () => {
    expect(phases(two)).toEqual([
      ["first", "active", "retiring"],
      ["second", "prepared", "active"],
      ["third", "prepared"],
    ]);
  });

  test("end with a revocation, and the standby signs from then on", () => {
    const [first, second] = livesOf(revoked(one, "first", policy, undefined, beginMs + dayMs), []);
    expect(first?.phases).toEqual([{ state: "active", fromMs: beginMs, untilMs: beginMs + dayMs }]);
    expect(second?.phases.at(-1)).toEqual({ state: "active", fromMs: beginMs + dayMs, untilMs: undefined });
  });

  test("are whole though the bounded history has lost their beginning", () => {
    expect(phases({ ...two, history: [] }).toSorted()).toEqual([
      ["first", "prepared", "active", "retiring"],
      ["second", "prepared", "active"],
      ["third", "prepared"],
    ]);
  });
});

describe("the time line", () => {
  const nowMs = beginMs + 10 * dayMs;
  const span = { fromMs: beginMs, untilMs: beginMs + 20 * dayMs, nowMs };
  const removedAt = new Date(beginMs + 7 * dayMs + policy.retireAfterMs).toISOString();
  const lives = livesOf(two, [{ at: removedAt, event: "removed", kid: "first" }]);

  test("shows each key's states in proportion, now, and what lasts shorter than a column", () => {
    expect(timelineLines(lives, span, ascii, 43)).toEqual([
      "                    now v",
      "  first       #######-  |          retiring",
      "  second      .......############# active",
      "  third              ............. prepared",
      "              2026-11-01T00:00:00Z 2026-11-21T00:00:00Z",
      "              . prepared  # active  - retiring",
    ]);
  });

  test("calls a key what it is today, though the step that changes it is due", () => {
    const { lives: due, span: whole } = rotationOf(readable(one), beginMs + 8 * dayMs);
    const [, first, second] = timelineLines(due, whole, unicode, 80);
    expect([first, second].map((line) => line?.split(" ").at(-1))).toEqual(["active", "prepared"]);
  });

  test("fits into the terminal, whatever its width, and is never without a bar", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 }), (columns) => {
        const [, ...bars] = timelineLines(lives, span, unicode, columns).slice(0, 4);
        for (const bar of bars) {
          expect([...bar].length).toBeLessThanOrEqual(Math.max(columns, 43));
          expect(bar).toMatch(/[░█▒]/);
        }
      }),
    );
  });

  test("is plain where the output is no terminal, or one that may not show more", () => {
    const utf8 = { LANG: "en_GB.UTF-8" };
    expect(showsUnicode({ isTTY: true }, utf8, "linux")).toBe(true);
    expect(showsUnicode({ isTTY: false }, utf8, "linux")).toBe(false);
    expect(showsUnicode({ isTTY: true }, { ...utf8, NO_COLOR: "1" }, "linux")).toBe(false);
    expect(showsUnicode({ isTTY: true }, { ...utf8, TERM: "dumb" }, "linux")).toBe(false);
    expect(showsUnicode({ isTTY: true }, { LANG: "en_GB.UTF-8", LC_ALL: "C" }, "linux")).toBe(false);
    expect(showsUnicode({ isTTY: true }, {}, "win32")).toBe(false);
  });
});

describe("what is told of a ring", () => {
  test("is what happened and what comes, with times in UTC and from now", () => {
    const text = rotationText(rotationOf(readable(two), beginMs + 8 * dayMs), ascii, 100);
    expect(text).toContain("clients/billing  https://billing.example/  ES256, signs with second\n");
    expect(text).toContain("2026-11-08T00:00:00Z  1d ago  promoted second\n");
    expect(text).toMatch(/2026-11-09T00:00:00Z {2}now +take first out of the document$/m);
    expect(text).toMatch(/2026-11-15T00:00:00Z {2}in 6d +promote third$/m);
  });

  test("holds when this clock lies before the last run's, as after an embedded tenant's that was moved", () => {
    const { span, coming } = rotationOf(readable(two), beginMs);
    expect(span.nowMs).toBe(beginMs + 7 * dayMs);
    expect(coming[0]).toMatchObject({ step: "remove", kid: "first" });
  });

  test("can't steer the terminal, whatever others called a key that they published", () => {
    const kid = "\u001b[2J";
    const stranger = { ...plainKey(kid), state: "retiring", foreign: true } as const;
    const times = { createdAt: "2026-11-02T00:00:00Z", retiringSince: "2026-11-02T00:00:00Z" };
    const keys = [...two.keys, { ...stranger, ...times, removeAt: "2026-11-09T00:00:00Z" }];
    const text = rotationText(rotationOf(readable({ ...two, keys }), beginMs + 8 * dayMs), ascii, 100);
    expect(text).toContain("take \\u001b[2J out of the document");
    expect(text).not.toContain("\u001b");
  });

  test("takes of a `verify` that is secret for a grant only where one was tried, or is to be", () => {
    const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "x" };
    const proves = (ring: Ring, nextStep: string) => {
      const { inputs, outputs } = savedResource("clients/billing", ring, { verify: secret });
      return savedRing("clients/billing", { inputs, outputs: { ...outputs, nextStep } })?.intent.provesByGrant;
    };
    expect(proves(two, "promote")).toBe(false);
    expect(proves(two, "prove")).toBe(true);
    expect(proves(proven(two, "second", beginMs + 8 * dayMs), "promote")).toBe(true);
  });

  test("goes by the declared windows", () => {
    const window = { cron: "0 9 * * 1", timeZone: "UTC" };
    const { coming } = rotationOf(readable(two, { window }), beginMs + 8 * dayMs);
    const promotion = coming.find(({ step }) => step === "promote");
    expect(promotion?.atMs).toBe(Date.parse("2026-11-16T09:00:00Z"));
  });
});

describe("`authn rotation`", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "authn-rotation-"));
    await writeFile(join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function holding(...resources: Parameters<typeof stateText>[0]) {
    const stacks = join(folder, ".authn", "state", ".pulumi", "stacks", "shop");
    await mkdir(stacks, { recursive: true });
    await writeFile(join(stacks, "dev.json"), stateText(resources));
  }
  async function run(...args: string[]) {
    const said: string[] = [];
    const output = new PassThrough({ encoding: "utf8" }).on("data", (text: string) => said.push(text));
    const never = new AbortController().signal;
    const clockMs = () => beginMs + 8 * dayMs;
    const surroundings = {
      cwd: folder,
      environment: {},
      stdout: output,
      stderr: output,
      pid: 1,
      clockMs,
      stop: never,
      now: never,
    };
    await commandLine("0", surroundings, () => {}).parseAsync(["rotation", ...args], { from: "user" });
    await new Promise(setImmediate);
    return said.join("");
  }

  test("draws every ring of the saved state, or those that are named, without an engine and without a secret", async () => {
    await holding(
      savedResource("clients/billing", two, {}, { activePrivateKey: "CANARY" }),
      savedResource("own", one),
      { ...savedResource("clients/old", one), delete: true },
    );
    const all = await run();
    expect(all).toContain("clients/billing");
    expect(all).toContain("own  ");
    expect(all).not.toContain("clients/old");
    expect(all).not.toContain("CANARY");
    // No terminal, so no more than ASCII.
    expect(all).toMatch(/^[\n -~]*$/);
    const named = await run("billing");
    expect(named).toContain("clients/billing");
    expect(named).not.toContain("own  ");
  });

  test("gives scripts the data in one line", async () => {
    await holding(savedResource("clients/billing", two));
    const { result, outputs } = JSON.parse(await run("--json"));
    expect(result).toBe("succeeded");
    expect(outputs.rings).toHaveLength(1);
    expect(outputs.rings[0]).toMatchObject({
      name: "clients/billing",
      activeKid: "second",
      now: "2026-11-09T00:00:00Z",
    });
    expect(outputs.rings[0].coming[1]).toMatchObject({ step: "promote", kid: "third", at: "2026-11-15T00:00:00Z" });
    expect(outputs.rings[0].lives[0].phases[0]).toEqual({
      state: "active",
      from: "2026-11-01T00:00:00Z",
      until: "2026-11-08T00:00:00Z",
    });
  });

  test("says which stack, ring or key there isn't", async () => {
    await expect(run()).rejects.toThrow(/There is no stack dev yet/);
    await holding();
    await expect(run()).rejects.toThrow(/Stack dev holds no key ring/);
    await holding(savedResource("clients/billing", two), {
      ...savedResource("clients/half", two),
      outputs: { ...two, issuer: "", activeKid: "", keys: [] },
    });
    await expect(run("biling")).rejects.toThrow(/Did you mean billing\?/);
    expect(await run("half")).toContain("unfinished");
  });
});
