import pc from "picocolors";
import { describe, expect, test } from "vitest";
import { personRows } from "../../src/cli/report/people.js";
import { planLines } from "../../src/cli/report/plan.js";
import { reportOf } from "../../src/cli/report/report.js";
import { ringRows } from "../../src/cli/report/rings.js";
import { renderRings } from "../../src/cli/report/table.js";
import { parsed, secret, unknown, urn } from "./_events.js";
import { beginMs, dayMs, plainKey, ringWith, rotated, savedResource } from "./_rings.js";

const colors = pc.createColors(false);
const one = ringWith(plainKey("first-key-of-all"), plainKey("second-key-of-all"));
const two = rotated(one, plainKey("third-key-of-all"), beginMs + 7 * dayMs);

/** An ended step of a ring; `before` and `after` are its saved states. */
function ended(op: string, before: Saved | undefined, after: Saved | undefined) {
  const state = (saved: Saved | undefined) => (saved === undefined ? null : { custom: true, id: "x", ...saved });
  const type = "pulumi-nodejs:dynamic/authn:BaikalClientKeys";
  const metadata = { op, urn: urn("clients/billing", type), type, old: state(before), new: state(after) };
  return parsed({ resOutputsEvent: { metadata } });
}
interface Saved {
  readonly inputs: Record<string, unknown>;
  readonly outputs: Record<string, unknown>;
}
const saved = (ring: typeof one, inputs: Record<string, unknown> = {}) => {
  const { inputs: declared, outputs } = savedResource("clients/billing", ring, inputs, { activePrivateKey: secret });
  return { inputs: declared, outputs };
};
const preview = (events: Parameters<typeof reportOf>[1], nowMs: number) =>
  planLines(reportOf("preview", events), nowMs);

describe("a preview", () => {
  test("names the step that is due and since when, though an update's outputs aren't known yet", () => {
    const after = { inputs: saved(one).inputs, outputs: { ...saved(one).inputs, keys: unknown } };
    const [line, ...rest] = preview([ended("update", saved(one), after)], beginMs + 7 * dayMs + 2 * 3_600_000);
    expect(line).toBe(
      "~ BaikalClientKeys clients/billing: promote second-k… (slot of 2026-11-08T00:00:00.000Z), due for 2h",
    );
    expect(rest).toEqual([]);
  });

  test("names of a ring that stays as it is who signs and what comes when", () => {
    expect(preview([ended("same", saved(one), saved(one))], beginMs + dayMs)).toEqual([
      "  BaikalClientKeys clients/billing: signs with first-ke…; next: promote second-k…, in 6d (2026-11-08T00:00:00Z)",
    ]);
  });

  test("goes by what is declared now: a kid that was added to `revoked` is due at once", () => {
    const after = { ...saved(one, { revoked: "first-key-of-all" }), outputs: {} };
    // No list is nothing that check would take, and so counts as not declared.
    expect(preview([ended("update", saved(one), after)], beginMs + dayMs).join("\n")).not.toContain("revoke first");
    const kid = "k".repeat(43);
    const ring = ringWith(plainKey(kid), plainKey("standby"));
    const revoked = { ...saved(ring, { revoked: [kid] }), outputs: {} };
    expect(preview([ended("update", saved(ring), revoked)], beginMs + dayMs)).toEqual([
      "~ BaikalClientKeys clients/billing: revoke kkkkkkkk… (active), due now",
      `    revoked.0: (none) → ${kid}`,
    ]);
  });

  test("can't steer the terminal, whatever others called a key that they published", () => {
    const times = {
      createdAt: "2026-11-02T00:00:00Z",
      retiringSince: "2026-11-02T00:00:00Z",
      removeAt: "2026-11-03T00:00:00Z",
    };
    const stranger = { ...plainKey("\u001b[2J"), state: "retiring", foreign: true, ...times } as const;
    const ring = { ...one, keys: [...one.keys, stranger] };
    for (const op of ["update", "same"]) {
      const lines = preview([ended(op, saved(ring), saved(ring))], beginMs + 3 * dayMs).join("\n");
      expect(lines).toContain("take \\u001b[2J out of the document");
      expect(lines).not.toContain("\u001b");
    }
  });

  test("of a changed declaration under which nothing is due shows the change and what comes", () => {
    const after = { ...saved(one, { period: "14d" }), outputs: {} };
    expect(preview([ended("update", saved(one), after)], beginMs + dayMs)).toEqual([
      "~ BaikalClientKeys clients/billing",
      "    period: (none) → 14d",
      "    signs with first-ke…; next: promote second-k…, in 13d (2026-11-15T00:00:00Z)",
    ]);
  });

  test("says nothing of times where no ring stands yet, and none is pinned down that is pinned", () => {
    expect(preview([ended("create", undefined, { ...saved(one), outputs: {} })], beginMs)).toEqual([
      "+ BaikalClientKeys clients/billing",
    ]);
    const kid = "p".repeat(43);
    const pinned = saved(ringWith(plainKey(kid), plainKey("standby")), { pinned: kid });
    expect(preview([ended("same", pinned, pinned)], beginMs + 30 * dayMs).join()).toContain(
      "next: nothing while it is pinned",
    );
  });
});

describe("the table of rings", () => {
  const nowMs = beginMs + 7 * dayMs;
  const report = reportOf("up", [ended("update", saved(one), saved(two))]);

  test("has a row a client: issuer, who signs, the keys by state, the next step", () => {
    expect(ringRows(report, nowMs)).toEqual([
      {
        client: "billing",
        issuer: "https://billing.example/",
        signsWith: "second-k…",
        keys: "1 active, 1 prepared, 1 retiring",
        next: "take first-ke… out of the document, in 1h 16m",
        state: "updated",
      },
    ]);
    expect(renderRings(ringRows(report, nowMs), colors)).toContain("second-k…");
  });

  test("keeps rings out of the table of people", () => expect(personRows(report)).toEqual([]));

  test("has a row without a key for a ring that failed before it stood, or is gone", () => {
    const gone = reportOf("up", [ended("delete", saved(one), undefined)]);
    expect(ringRows(gone, nowMs)).toMatchObject([{ client: "billing", signsWith: "", state: "deleted" }]);
  });
});
