/** What runs do with a ring that stands: what is due, what drifted, what people ask for, and how it ends. */
import { generateKeyPairSync } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EngineModel } from "../../../support/engineModel.js";
import { Bench, DAY_MS, declared, HOUR_MS, kidOf, owner, stateOf } from "./_hosted.js";

const WEEK_MS = 7 * DAY_MS;
let bench: Bench;
let engine: EngineModel;
beforeEach(async () => {
  bench = new Bench();
  engine = bench.engine();
  expect(await engine.up(declared), engine.error).toBe("created");
});
afterEach(() => bench.close());

const kids = () => bench.read().keys.map(({ kid }) => kid);
const up = async (more: Readonly<Record<string, unknown>> = {}) => engine.up({ ...declared, ...more });

describe("a step that is due", () => {
  it("is named before it is made, and a refresh before shows no change", async () => {
    const standby = kidOf(engine, "prepared");
    bench.nowMs += WEEK_MS + HOUR_MS;
    expect(await engine.refresh(), engine.error).toBe(true);
    expect(bench.told).toEqual([]);
    expect(await up(), engine.error).toBe("updated");
    expect(kidOf(engine, "active")).toBe(standby);
    expect(bench.told.join()).toMatch(
      /BaikalClientKeys billing: promote .{8}… \(slot of 2026-01-12T00:00:00.000Z\), due for 1h/,
    );
  });

  it("isn't shown by what `up --refresh` asks first, and is made by what it asks then", async () => {
    bench.nowMs += WEEK_MS;
    const inputs = engine.kept?.inputs ?? {};
    expect(await engine.refresh()).toBe(true);
    // The model's next `up` asks check, then diff.
    expect(engine.kept?.inputs).toEqual(inputs);
    expect(await up()).toBe("updated");
    expect(await up()).toBe("unchanged");
  });

  it("that was missed for months is one step: the overlap isn't skipped", async () => {
    const before = kidOf(engine, "active");
    bench.nowMs += 100 * DAY_MS;
    expect(await up()).toBe("updated");
    expect(kids()).toContain(before);
    expect(await up()).toBe("unchanged");
    expect(kids()).toHaveLength(3);
  });
});

describe("the document", () => {
  it.each([
    ["deleted", () => bench.remove()],
    ["emptied", () => bench.write({ keys: [], ring: bench.read().ring })],
    ["robbed of a key", () => bench.write({ ...bench.read(), keys: bench.read().keys.slice(0, 1) })],
  ])("that was %s is mended with the same keys after a refresh, and the lead begins anew", async (_how, spoil) => {
    const before = bench.read();
    bench.nowMs += WEEK_MS - HOUR_MS;
    spoil();
    bench.nowMs += HOUR_MS;
    expect(await engine.refresh()).toBe(true);
    const active = kidOf(engine, "active");
    expect(await up(), engine.error).toBe("updated");
    expect(bench.read()).toEqual(before);
    // The slot has come, and verifiers may hold what stood there a moment ago.
    expect(kidOf(engine, "active")).toBe(active);
    bench.nowMs += 16 * 60_000;
    expect(await up()).toBe("updated");
    expect(kidOf(engine, "active")).not.toBe(active);
  });

  it("that was deleted is published again by the run that misses it, without a refresh", async () => {
    const [before, active] = [bench.read(), kidOf(engine, "active")];
    bench.remove();
    bench.nowMs += WEEK_MS;
    expect(await up(), engine.error).toBe("updated");
    expect(bench.read()).toEqual(before);
    expect(kidOf(engine, "active")).toBe(active);
    expect(bench.warnings.join()).toContain("lacked a key that had been published");
    bench.nowMs += HOUR_MS;
    expect(await up(), engine.error).toBe("updated");
    expect(kidOf(engine, "active")).not.toBe(active);
  });

  it("that another ring replaced isn't overwritten, and the person is told", async () => {
    const other = { keys: bench.read().keys, ring: "another" };
    bench.write(other);
    await engine.refresh();
    expect(await up()).toBe("failed");
    expect(engine.error).toContain("belongs to another ring");
    expect(bench.read()).toEqual(other);
  });

  it("with a foreign key under a kid of the ring is refused", async () => {
    const [first, ...others] = bench.read().keys;
    const stranger = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ format: "jwk" });
    bench.write({ ...bench.read(), keys: [{ ...first, ...stranger }, ...others] });
    await engine.refresh();
    expect(await up()).toBe("failed");
    expect(engine.error).toContain(`another key stands at jwks.json under the kid ${first?.["kid"]}`);
  });

  it("keeps a key that somebody added, until no token of theirs can live", async () => {
    const stranger = {
      ...generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ format: "jwk" }),
      kid: "theirs",
    };
    bench.write({ ...bench.read(), keys: [...bench.read().keys, stranger] });
    await engine.refresh();
    expect(await up(), engine.error).toBe("updated");
    expect(kids()).toContain("theirs");
    expect(bench.warnings.join()).toContain("keeps 1 key(s) that others put into jwks.json");
    bench.nowMs += 76 * 60_000;
    await up();
    expect(kids()).not.toContain("theirs");
  });
});

describe("a revocation", () => {
  it("of the active key lets the standby sign, takes the key out, and makes a new standby", async () => {
    const [active, standby] = [kidOf(engine, "active"), kidOf(engine, "prepared")];
    bench.nowMs += DAY_MS;
    expect(await up({ revoked: [active] }), engine.error).toBe("updated");
    expect(kidOf(engine, "active")).toBe(standby);
    expect(kids()).toEqual([standby, kidOf(engine, "prepared")]);
    expect(bench.warnings).toEqual([]);
    expect(await up({ revoked: [active] })).toBe("unchanged");
  });

  it("within the lead says until when it may cost something", async () => {
    expect(await up({ revoked: [kidOf(engine, "active")] })).toBe("updated");
    expect(bench.warnings.join()).toMatch(
      /verifiers that hold an older document may refuse .{8}… until 2026-01-05T00:16/,
    );
  });

  it("of both makes two new keys", async () => {
    const before = [kidOf(engine, "active"), kidOf(engine, "prepared")];
    expect(await up({ revoked: before }), engine.error).toBe("updated");
    expect(kids()).toHaveLength(2);
    expect(kids().filter((kid) => before.includes(kid ?? ""))).toEqual([]);
    expect(Object.keys(stateOf(engine).privateKeys).sort()).toEqual([...kids()].sort());
  });

  it("keeps a revoked key out, even where somebody puts it back", async () => {
    const active = kidOf(engine, "active");
    const before = bench.read();
    await up({ revoked: [active] });
    bench.write({ ...bench.read(), keys: before.keys });
    await engine.refresh();
    expect(await up({ revoked: [active] }), engine.error).toBe("updated");
    expect(kids()).not.toContain(active);
  });
});

describe("a pin", () => {
  it("to the key before rolls back at once; without it the ring turns on at the next slot", async () => {
    const [first, second] = [kidOf(engine, "active"), kidOf(engine, "prepared")];
    bench.nowMs += WEEK_MS;
    await up();
    bench.nowMs += HOUR_MS;
    expect(await up({ pinned: first }), engine.error).toBe("updated");
    expect(kidOf(engine, "active")).toBe(first);
    expect(kids()).toContain(second);
    bench.nowMs += 3 * WEEK_MS;
    await up({ pinned: first });
    expect(kidOf(engine, "active")).toBe(first);
    const third = kidOf(engine, "prepared");
    bench.nowMs += HOUR_MS;
    expect(await up()).toBe("updated");
    expect(kidOf(engine, "active")).toBe(third);
  });

  it("to what isn't there names what is", async () => {
    expect(await up({ pinned: "A".repeat(43) })).toBe("failed");
    expect(engine.error).toContain("pinned names no key of this ring");
    expect(engine.error).toContain(`${kidOf(engine, "prepared")} (prepared)`);
    expect(await up(), engine.error).toBe("updated");
    expect(await up()).toBe("unchanged");
  });
});

it("a key that an earlier run took out before it broke off can't be rolled back to", async () => {
  const first = kidOf(engine, "active");
  bench.nowMs += WEEK_MS;
  await up();
  const kept = engine.kept;
  bench.nowMs += 2 * HOUR_MS;
  await up();
  expect(kids()).not.toContain(first);
  // The engine died before it saved that.
  engine.kept = kept;
  const active = kidOf(engine, "active");
  expect(await up({ pinned: first })).toBe("failed");
  expect(engine.error).toContain("a key that has retired for its whole time");
  expect(kidOf(engine, "active")).toBe(active);
});

describe("another place", () => {
  it("gets the document at once, and a promotion there waits for the lead", async () => {
    bench.nowMs += WEEK_MS;
    const active = kidOf(engine, "active");
    const publish = { file: "moved.json" };
    expect(await up({ publish }), engine.error).toBe("updated");
    expect(bench.read("moved.json").keys).toEqual(bench.read().keys);
    expect(kidOf(engine, "active")).toBe(active);
    bench.nowMs += 16 * 60_000;
    await up({ publish });
    expect(kidOf(engine, "active")).not.toBe(active);
    expect(bench.read().keys).not.toEqual(bench.read("moved.json").keys);
  });
});

describe("a clock", () => {
  it("that went back further than declared judges nothing but what is revoked", async () => {
    bench.nowMs += DAY_MS;
    await up({ tokenLife: "2h" });
    bench.nowMs -= HOUR_MS;
    expect(await up({ tokenLife: "3h" })).toBe("failed");
    expect(engine.error).toContain("lies 1h before that of an earlier run, and clockSkew is 1m");
    const standby = kidOf(engine, "prepared");
    await up({ tokenLife: "3h", revoked: [kidOf(engine, "active")] });
    expect(kidOf(engine, "active")).toBe(standby);
    bench.nowMs += 2 * HOUR_MS;
    expect(await up({ tokenLife: "3h" }), engine.error).toBe("updated");
  });
});

describe("a destroyed ring", () => {
  it("leaves its document, and says until when tokens live", async () => {
    const { activeKid } = stateOf(engine);
    expect(await engine.destroy(), engine.error).toBe(true);
    expect(kids()).toContain(activeKid);
    expect(bench.warnings.join()).toContain(`tokens signed with ${activeKid} live until 2026-01-05T01:00:00.000Z`);
  });

  it("takes it away where it is told to, and says what that means", async () => {
    await up({ withdraw: true });
    expect(await engine.destroy(), engine.error).toBe(true);
    expect(() => bench.read()).toThrow("ENOENT");
    expect(bench.warnings.join()).toContain("its document is withdrawn");
  });

  it("never takes away what another ring published there", async () => {
    await up({ withdraw: true });
    bench.write({ keys: [], ring: "another" });
    expect(await engine.destroy()).toBe(true);
    expect(bench.read().ring).toBe("another");
  });
});

it("two runs of one state can't fork the ring: what the later one finds, it keeps", async () => {
  bench.nowMs += WEEK_MS;
  const later = bench.engine();
  later.kept = engine.kept;
  expect(await up()).toBe("updated");
  expect(await later.up(declared), later.error).toBe("updated");
  expect(kidOf(later, "active")).toBe(kidOf(engine, "active"));
  expect(kids()).toContain(kidOf(engine, "prepared"));
  expect(kids()).toContain(kidOf(later, "prepared"));
  expect(owner.name).toBe("billing");
});
