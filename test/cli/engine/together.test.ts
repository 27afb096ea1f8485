import { mkdir, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { locateEngine } from "../../../src/cli/engine/find.js";
import { inspectInstallation } from "../../../src/cli/engine/installation.js";
import { withLock } from "../../../src/cli/engine/lock.js";
import { limits } from "../../../src/cli/engine/pinned.js";
import { platformNames } from "../../../src/cli/engine/platform.js";
import { putInPlace, temporarySibling } from "../../../src/cli/engine/publish.js";
import { Machine } from "./_machine.js";

let machine: Machine;
beforeEach(async () => {
  machine = await Machine.create();
});
afterEach(() => machine.dispose());

test("of several started at once one builds, the others wait for it and say so, and all end with the same engine", async () => {
  let waiting = () => {};
  const othersWait = new Promise<void>((resolve) => {
    waiting = resolve;
  });
  machine.build = async (...parts) => {
    await othersWait;
    return machine.making("3.228.0")(...parts);
  };
  const push = machine.lines.push.bind(machine.lines);
  machine.lines.push = (...lines) => {
    const length = push(...lines);
    if (machine.lines.filter((line) => line.startsWith("another process")).length === 2) waiting();
    return length;
  };
  const engines = await Promise.all([machine.find(), machine.find(), machine.find()]);
  expect(machine.builds).toBe(1);
  expect(engines.map(({ source }) => source).sort()).toEqual(["go", "versions", "versions"]);
  expect(new Set(engines.map(({ root }) => root))).toEqual(new Set([machine.root("3.228.0")]));
  expect(await machine.cacheEntries()).toEqual(["3.228.0"]);
});

test("the second to finish without a lock leaves the first's installation alone", async () => {
  const root = machine.root("3.228.0");
  await mkdir(machine.versions, { recursive: true });
  const [first, second] = [await temporarySibling(root), await temporarySibling(root)];
  for (const [made, mark] of [
    [first, "first"],
    [second, "second"],
  ] as const) {
    await machine.putEngine(join(made, "bin"), "3.228.0");
    await writeFile(join(made, "mark"), mark);
  }
  expect(await putInPlace(first, root)).toBe(true);
  expect(await putInPlace(second, root)).toBe(false);
  expect(await readFile(join(root, "mark"), "utf8")).toBe("first");
  const names = platformNames("linux");
  await expect(inspectInstallation(root, names, limits.versionMs)).resolves.toMatchObject({ state: "whole" });
});

test("the lock of a process that died while it built is taken over", async () => {
  machine.build = machine.making("3.228.0");
  await mkdir(machine.versions, { recursive: true });
  const lock = join(machine.versions, ".3.228.0.lock");
  await writeFile(lock, "a process that is no more");
  await utimes(lock, new Date(0), new Date(0));
  await expect(machine.find()).resolves.toMatchObject({ source: "go" });
  expect(await machine.cacheEntries()).toEqual(["3.228.0"]);
});

test("a lock is let go when the work under it fails", async () => {
  const lock = join(machine.home, "lock");
  const options = { pollMs: 1, staleMs: 60_000, now: Date.now, onWait: () => {} };
  await expect(withLock(lock, options, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  await expect(withLock(lock, options, async () => "again")).resolves.toBe("again");
});

test("Ctrl-C while another process builds ends the wait at once", async () => {
  await mkdir(machine.versions, { recursive: true });
  await writeFile(join(machine.versions, ".3.228.0.lock"), "somebody at work");
  const interruption = new AbortController();
  const unreachable = async () => ({ reason: "not asked" });
  const found = locateEngine(
    {
      environment: machine.environment,
      report: () => interruption.abort(new Error("interrupted")),
      signal: interruption.signal,
    },
    {
      names: platformNames("linux"),
      versions: machine.versions,
      limits,
      acquire: { installer: unreachable, go: unreachable },
      now: Date.now,
    },
  );
  await expect(found).rejects.toThrow("interrupted");
});
