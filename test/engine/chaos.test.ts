/**
 * A short campaign of `npm run chaos`, always the same: engine, program and provider host killed at the boundaries of steps, in each
 * operation, and some of the other faults. Afterwards declared, saved and standing are the same, identity by identity.
 */
import { describe, expect, it } from "vitest";
import { findEngine } from "../../src/cli/engine/index.js";
import { playScenario } from "../../tools/chaos/campaign.mjs";
import type { Act, Round } from "../../tools/chaos/plan.mjs";
import { playRound } from "../../tools/chaos/round.mjs";

const ALL = ["engine", "program", "host"] as const;
const LIMIT_MS = 600_000;

const round = (seed: string, checkpoints: boolean, acts: readonly Act[]): Round => {
  return { seed, resources: 12, checkpoints, hankoApi: checkpoints ? "authentication" : "passkey", acts };
};
const boundary = { at: "boundary", in: "host" } as const;

/** The engine keeps nothing before the end: all that is known is the ledger's. */
const withoutCheckpoints = round("ledger", false, [
  {
    operation: "create",
    kills: [
      { ...boundary, moment: "request sent", nth: 7, targets: ALL },
      { ...boundary, moment: "after the ledger's write", nth: 5, targets: ["engine"] },
    ],
  },
  { operation: "replace", kills: [{ ...boundary, moment: "answer begun", nth: 3, targets: ALL }] },
  { operation: "destroy", kills: [{ ...boundary, moment: "answer read", nth: 3, targets: ["host"] }] },
]);

const withCheckpoints = round("checkpoints", true, [
  { operation: "create", kills: [{ ...boundary, moment: "before the request", nth: 9, targets: ["engine", "host"] }] },
  { operation: "update", kills: [{ ...boundary, moment: "ledger synced", nth: 2, targets: ALL }] },
  { operation: "rotate", kills: [{ ...boundary, moment: "before the ledger's write", nth: 2, targets: ["program"] }] },
  { operation: "destroy", kills: [{ ...boundary, moment: "request sent", nth: 2, targets: ALL }] },
]);

async function setting() {
  const engine = await findEngine({ environment: process.env, report: () => undefined });
  const { command } = engine.command;
  return { engine: command, withoutLedger: false, canCheckpoint: true, keep: false, report: () => undefined };
}

describe("whoever is killed, wherever", () => {
  it("up comes through at once, and what is declared stands once, with its keys; nothing stands after a destroy", {
    timeout: LIMIT_MS,
  }, async () => {
    const given = await setting();
    // Two projects, each with services of its own: while one waits, the other goes on.
    const played = await Promise.all([withoutCheckpoints, withCheckpoints].map((one) => playRound(one, given)));
    for (const { findings } of played) expect(findings).toEqual([]);
    // A kill that comes too late proves nothing.
    expect(played.map(({ missed }) => missed)).toEqual([0, 0]);
  });
});

describe("whatever else befalls it", () => {
  it("answers that are lost, a full disk and a second up at the same time leave nothing over, and nothing doubled", {
    timeout: LIMIT_MS,
  }, async () => {
    const given = await setting();
    const wanted = { resources: 8, seed: "ci", operations: ["create"], times: 1 } as const;
    const told = await Promise.all(
      ["answers-lost", "disk-full", "two-at-once"].map((name) => playScenario(name, wanted, given)),
    );
    for (const { title, played } of told) expect({ title, findings: played.findings }).toEqual({ title, findings: [] });
  });
});
