import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { expect, it } from "vitest";
import { openLedger } from "../../../../providers/host/ledger/ledger.js";
import { lockHolderOf, lockLedger, lockPath } from "../../../../providers/host/ledger/lock.js";
import { clock, halfMade, ledgerFolderOfTest, named, onlyJournal, opened, SEED, scope } from "./_ledger.js";

const folder = ledgerFolderOfTest();
const holder = (pid: number, machine = hostname()) =>
  JSON.stringify({ operation: "other", pid, hostname: machine, startedAt: "2026-01-01T00:00:00.000Z" });

it("hosts of one operation share it", async () => {
  await lockLedger(folder.path(), "a", clock);
  await lockLedger(folder.path(), "a", clock);
  expect((await lockHolderOf(folder.path()))?.pid).toBe(process.pid);
});

it("another operation is refused by the name of the process that goes on", async () => {
  await lockLedger(folder.path(), "a", clock);
  await expect(lockLedger(folder.path(), "b", clock)).rejects.toThrow(
    `held by process ${process.pid} on ${hostname()}`,
  );
});

it("given back, it is free", async () => {
  const lock = await lockLedger(folder.path(), "a", clock);
  await lock.release();
  await lockLedger(folder.path(), "b", clock);
  expect((await lockHolderOf(folder.path()))?.operation).toBe("b");
});

it("what a dead process left is taken over, by one of many that find it", async () => {
  const child = spawn(process.execPath, ["-e", ""]);
  await once(child, "exit");
  await writeFile(lockPath(folder.path()), holder(child.pid ?? 0));
  const taken = await Promise.allSettled(
    Array.from({ length: 8 }, (_, index) => lockLedger(folder.path(), `operation ${index}`, clock)),
  );
  expect(taken.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
});

it("of another machine's nobody can tell, so it is respected", async () => {
  await writeFile(lockPath(folder.path()), holder(1, "another-machine"));
  await expect(lockLedger(folder.path(), "a", clock)).rejects.toThrow("on another-machine");
});

it("a number that another process has by now is no holder", async () => {
  await writeFile(lockPath(folder.path()), JSON.stringify({ ...JSON.parse(holder(process.pid)), born: "1" }));
  await lockLedger(folder.path(), "a", clock);
  expect((await lockHolderOf(folder.path()))?.operation).toBe("a");
});

it("a host that outlives its engine is waited for, and what it still wrote is known", async () => {
  await halfMade(folder.path(), "killed", "ada");
  const file = await onlyJournal(folder.path());
  // As if the process that writes it lived: until the second look.
  const [line = "", ...rest] = (await readFile(file, "latin1")).split("\n");
  const alive = JSON.stringify({ ...JSON.parse(line), pid: process.pid });
  await writeFile(file, `${alive}\n`, "latin1");
  let looks = 0;
  const warnings: string[] = [];
  const sleep = async () => {
    looks += 1;
    if (looks === 2) await writeFile(file, [line, ...rest].join("\n"), "latin1");
  };
  const host = {
    operation: "next",
    pid: 0,
    clock: { now: clock.now, sleep },
    warn: (text: string) => void warnings.push(text),
  };
  const ledger = await openLedger(folder.path(), SEED, scope, host);
  expect(named((await ledger.settled()).unresolved())).toEqual(["ada"]);
  expect(looks).toBe(2);
});

it("what another machine's sweep is about to remove is waited for, and gone on with only where it is left", async () => {
  await halfMade(folder.path(), "killed", "ada");
  const { ledger } = await opened(folder.path(), "next");
  expect(named(ledger.standing.unresolved())).toEqual(["ada"]);
  const sweeps = await lockLedger(folder.path(), "authn:1", clock);
  const settled = ledger.settled();
  await rm(await onlyJournal(folder.path()));
  await sweeps.release();
  expect(named((await settled).unresolved())).toEqual([]);
});

it("a sweep waits for the operation that goes on with what was left", async () => {
  await halfMade(folder.path(), "killed", "ada");
  const { ledger } = await opened(folder.path(), "next");
  await ledger.settled();
  expect((await lockHolderOf(folder.path()))?.operation).toBe("next");
});

it("a lock that was held for too long refuses nothing any more once it is free", async () => {
  await halfMade(folder.path(), "killed", "ada");
  const { ledger } = await opened(folder.path(), "next");
  const sweeps = await lockLedger(folder.path(), "authn:1", clock);
  await expect(ledger.settled()).rejects.toThrow("ledger");
  await sweeps.release();
  expect(named((await ledger.settled()).unresolved())).toEqual(["ada"]);
});

it("one that never ends is refused by its process", async () => {
  await halfMade(folder.path(), "killed", "ada");
  const file = await onlyJournal(folder.path());
  const [line = ""] = (await readFile(file, "latin1")).split("\n");
  await writeFile(file, `${JSON.stringify({ ...JSON.parse(line), pid: process.pid })}\n`, "latin1");
  const { ledger } = await opened(folder.path(), "next");
  await expect(ledger.settled()).rejects.toThrow(`Process ${process.pid} of an earlier operation`);
});
