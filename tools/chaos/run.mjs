// One `authn` command of a round, and whoever is to die in it: by the trigger inside, or by this process from outside.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { childrenOf, isAlive, tree } from "./process-tree.mjs";

/** @typedef {import("./trigger.mjs").Target} Target */
/** @typedef {{ code: number | null, said: string, struck: boolean, hangs: boolean, ms: number }} Ran `struck`: somebody was killed as planned */
/**
 * @typedef {object} Wanted
 * @property {readonly string[]} args
 * @property {import("./plan.mjs").Kill} [kill]
 * @property {import("./full-disk.mjs").Disk} [disk]
 * @property {Readonly<Record<string, string>>} [environment]
 */

const LOOK_EVERY_MS = 10;
/** An engine that lost its program or its host ends by itself; one that doesn't would keep every next run out. */
const ENGINE_PATIENCE_MS = 120_000;
let counter = 0;

/** @param {import("./project.mjs").Project} project @param {Wanted} wanted */
export function start(project, { args, kill, disk, environment }) {
  const number = ++counter;
  const notes = join(project.folder, `notes-${number}.jsonl`);
  const boundary = kill?.at === "boundary" ? kill : undefined;
  const begunMs = performance.now();
  const savedBefore = changedAt(project.stateFile);
  const child = spawn(process.execPath, [project.command, ...args, "--json"], {
    cwd: project.folder,
    env: {
      ...process.env,
      ...project.environment,
      ...environment,
      AUTHN_CHAOS: JSON.stringify({ notes, boundary, disk }),
      NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ""} --import=${new URL("trigger.mjs", import.meta.url).href}`.trim(),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      said += chunk;
    });
  }
  const closed = once(child, "close");
  const noted = () => notesIn(notes);
  let struck = false;
  let hangs = false;

  const strike = (targets) => {
    const pids = { program: child.pid, ...pidsOf(noted()), ...(engineOf(child.pid, project) ?? {}) };
    for (const target of targets) if (pids[target] !== undefined) struck = killed(pids[target]) || struck;
  };
  /** @param {Target[]} targets @param {() => boolean} isTime @param {number} afterMs */
  const strikeWhen = async (targets, isTime, afterMs) => {
    while (!isTime()) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      await wait(LOOK_EVERY_MS);
    }
    await wait(afterMs);
    strike(targets);
  };
  if (kill?.at === "start") void strikeWhen(kill.targets, () => true, kill.afterMs);
  if (kill?.at === "time") void strikeWhen(kill.targets, () => pidsOf(noted()).host !== undefined, kill.afterMs);
  if (kill?.at === "saved")
    void strikeWhen(kill.targets, () => changedAt(project.stateFile) !== savedBefore, kill.afterMs);

  // One that hangs is a finding, and must not hang the campaign.
  const patience = setTimeout(() => {
    hangs = true;
    strike(["engine", "program", "host"]);
  }, project.patienceMs);

  const ended = closed.then(async () => {
    clearTimeout(patience);
    const { engine } = pidsOf(noted());
    hangs = !(await hasEnded(engine)) || hangs;
    // For whoever looks for the cause in a project that was kept.
    const what = { args, kill, code: child.exitCode, signal: child.signalCode, notes: noted() };
    writeFileSync(join(project.folder, `run-${number}-${args[0]}.log`), `${JSON.stringify(what)}\n${said}`);
    struck ||= noted().some((line) => "struck" in line);
    return { code: child.exitCode, said, struck, hangs, ms: performance.now() - begunMs };
  });
  return {
    ended,
    /** @param {NodeJS.Signals} signal to the command alone, as a CI's runner does it */
    signal: (signal) => child.kill(signal),
    strike,
    /** Whether its provider host is up. */
    isUnderWay: () => pidsOf(noted()).host !== undefined,
  };
}

function killed(pid) {
  try {
    return process.kill(pid, "SIGKILL");
  } catch {
    return false;
  }
}

/** Before its provider host is up, nobody has noted who the engine is. */
function engineOf(program, { stack }) {
  const engine = childrenOf(tree(), program).find(
    ({ command }) => /\/pulumi (up|destroy|refresh) /.test(command) && command.includes(stack),
  );
  return engine === undefined ? undefined : { engine: engine.pid };
}

/** @param {number | undefined} engine */
async function hasEnded(engine) {
  const begunMs = performance.now();
  while (engine !== undefined && isAlive(engine)) {
    if (performance.now() - begunMs > ENGINE_PATIENCE_MS) {
      killed(engine);
      return false;
    }
    await wait(LOOK_EVERY_MS);
  }
  return true;
}

/** @returns {readonly Record<string, any>[]} */
function notesIn(file) {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n");
  // The last one may be under way.
  return lines.slice(0, -1).map((line) => JSON.parse(line));
}

/** @returns {{ engine?: number, host?: number }} */
function pidsOf(notes) {
  const host = notes.find(({ role }) => role === "host");
  return host === undefined ? {} : { engine: host.engine, host: host.pid };
}

function changedAt(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs;
}

const WORDS = 1_500;
/** What failed, as it was said to a person. @param {string} said */
export function lastWords(said) {
  const lines = said.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("{"));
  const failed = lines.findIndex((line) => line.startsWith("✗"));
  return (failed < 0 ? lines.slice(-10) : lines.slice(failed)).join(" | ").slice(0, WORDS);
}
