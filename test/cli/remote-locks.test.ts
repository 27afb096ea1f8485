import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { locksNamedIn, runUnlocked } from "../../src/cli/remote-locks.js";

const words = (count: number, lines: readonly string[]) =>
  `the stack is currently locked by ${count} lock(s). Either wait for the other process(es) to end or delete the lock file with \`pulumi cancel\`.\n${lines
    .map((line) => `  postgres:///state/.pulumi/locks/organization/shop/dev/57d5.json?sslmode=disable: ${line}`)
    .join("\n")}`;
const line = "created by ada@here (pid 12) at 2026-01-02T03:04:05Z (pulumi up)";
const lock = { username: "ada", hostname: "here", pid: 12, timestamp: new Date("2026-01-02T03:04:05Z") };

test("the locks that the engine names are read, each with its holder", () => {
  expect(locksNamedIn(words(2, [line, line]))).toEqual([lock, lock]);
});

test("where one of them can't be read, none counts: it may be somebody's who lives", () => {
  expect(locksNamedIn(words(2, [line, "created by nobody knows whom"]))).toEqual([]);
  expect(locksNamedIn(words(1, ["created by ada@here (pid 12) at noon (pulumi up)"]))).toEqual([]);
});

test("other words name no lock", () => {
  expect(locksNamedIn(line)).toEqual([]);
  expect(locksNamedIn("the stack is broken")).toEqual([]);
});

const machine = { hostname: "here", bootedAtMs: 0, isAlive: (pid: number) => pid === process.pid };
const home = () => mkdtemp(join(tmpdir(), "authn-locks-"));

/** A backend with the lock of a dead process, and operations on it that last until they are told to end. */
function lockedBackend(pulumiHome: string) {
  let lock: string | undefined = line;
  let cancels = 0;
  const report: string[] = [];
  const locked = {
    cancel: async () => {
      cancels += 1;
      lock = undefined;
    },
    pulumiHome,
    report: (text: string) => void report.push(text),
  };
  return {
    report,
    locked,
    cancels: () => cancels,
    /** What the engine says where somebody has it; else it has it from now on. */
    attempt: async (name: string) => {
      if (lock !== undefined) return { name, engineError: new Error(words(1, [lock])) };
      lock = `created by ada@here (pid ${process.pid}) at 2026-02-02T03:04:05Z (pulumi up)`;
      return { name, engineError: undefined };
    },
  };
}

test("of two that find the lock of a dead process, one removes it, and the lock of the one that begins then stays", async () => {
  const folder = await home();
  const backend = lockedBackend(folder);
  // The second one has been told of the dead lock before the first one removed it.
  const stale = await backend.attempt("second");
  const first = await runUnlocked(() => backend.attempt("first"), backend.locked, machine);
  const answers = [stale];
  const second = await runUnlocked(
    async () => answers.shift() ?? (await backend.attempt("second")),
    backend.locked,
    machine,
  );
  expect(first.engineError).toBeUndefined();
  expect(backend.cancels()).toBe(1);
  expect(second.engineError?.message).toContain(`pid ${process.pid}`);
  await rm(folder, { recursive: true });
});

test("where the one that was to remove it died, the next one does", async () => {
  const folder = await home();
  const backend = lockedBackend(folder);
  const dying = { ...backend.locked, cancel: () => Promise.reject(new Error("killed")) };
  await expect(runUnlocked(() => backend.attempt("first"), dying, machine)).rejects.toThrow("killed");
  const nobodyLives = { ...machine, isAlive: () => false };
  // Its own number counts as alive, so it is another process's.
  await markedBy(folder, 4_194_000);
  const next = await runUnlocked(() => backend.attempt("next"), backend.locked, nobodyLives);
  expect(next.engineError).toBeUndefined();
  expect(backend.report).toEqual([expect.stringContaining("process 12 of ada@here")]);
  await rm(folder, { recursive: true });
});

test("the lock of a process that may live is nobody's to remove", async () => {
  const folder = await home();
  const backend = lockedBackend(folder);
  const alive = { ...machine, isAlive: () => true };
  const outcome = await runUnlocked(() => backend.attempt("one"), backend.locked, alive);
  expect(outcome.engineError?.message).toContain("pid 12");
  expect(backend.cancels()).toBe(0);
  await rm(folder, { recursive: true });
});

test("of several that find that one dead, only one does", async () => {
  const folder = await home();
  const backend = lockedBackend(folder);
  const dying = { ...backend.locked, cancel: () => Promise.reject(new Error("killed")) };
  await expect(runUnlocked(() => backend.attempt("first"), dying, machine)).rejects.toThrow("killed");
  await markedBy(folder, 4_194_000);
  const next = (name: string) => runUnlocked(() => backend.attempt(name), backend.locked, machine);
  const ended = await Promise.all([next("one"), next("two"), next("three")]);
  expect(backend.cancels()).toBe(1);
  expect(ended.filter(({ engineError }) => engineError === undefined)).toHaveLength(1);
  await rm(folder, { recursive: true });
});

test("where it died after it had removed the lock and begun, the lock of its engine stays", async () => {
  const folder = await home();
  const backend = lockedBackend(folder);
  const stale = await backend.attempt("second");
  await runUnlocked(() => backend.attempt("first"), backend.locked, machine);
  await markedBy(folder, 4_194_000);
  const answers = [stale];
  const second = await runUnlocked(
    async () => answers.shift() ?? (await backend.attempt("second")),
    backend.locked,
    machine,
  );
  expect(backend.cancels()).toBe(1);
  expect(second.engineError?.message).toContain(`pid ${process.pid}`);
  await rm(folder, { recursive: true });
});

test("a number that is used again is another process", async () => {
  const folder = await home();
  const backend = lockedBackend(folder);
  const stale = { engineError: new Error(words(1, [line])) };
  const dying = { ...backend.locked, cancel: () => Promise.reject(new Error("killed")) };
  await expect(runUnlocked(async () => stale, dying, machine)).rejects.toThrow("killed");
  await markedBy(folder, process.pid, "1");
  expect((await runUnlocked(() => backend.attempt("next"), backend.locked, machine)).engineError).toBeUndefined();
  await rm(folder, { recursive: true });
});

/** The only mark, as if the process of this number had made it, at this time of its system. */
async function markedBy(folder: string, pid: number, born = ""): Promise<void> {
  const [name = ""] = await readdir(join(folder, "authn-cancelled"));
  await writeFile(join(folder, "authn-cancelled", name), `${pid} ${born} x`);
}
