#!/usr/bin/env node
/** The `authn` command: the edge to the process (arguments, streams, signals, exit code). */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { CommanderError } from "commander";
import { asksForJson, commandLine } from "./command-line.js";
import { type ExitCode, exitCode, exitCodeOf } from "./exit.js";
import { noChanges, resultLine } from "./report/result.js";
import { putOffClosures } from "./sdk/put-off.js";
import { listenForStop } from "./signals.js";
import type { Surroundings } from "./surroundings.js";
import { withoutStackTrace } from "./text.js";

/** After the second Ctrl-C the engine is killed and the tenant closed; what hasn't ended by then is left. */
const lastWordsMs = 3_000;

// Whatever this process writes, and the engine and the tenant under it, is its owner's alone; what is for others says so itself.
process.umask(0o077);
putOffClosures(import.meta.filename);

async function main(): Promise<ExitCode> {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", outliveReader);
  // A crash report holds the environment, and that holds secrets. Nodes before 22.13 know no such setting.
  if (process.report !== undefined) Reflect.set(process.report, "excludeEnv", true);
  const requests = listenForStop(process, () => Date.now());
  requests.now.addEventListener("abort", () => setTimeout(() => process.exit(exitCode.failed), lastWordsMs).unref());
  let code: ExitCode = exitCode.done;
  const surroundings = {
    cwd: process.cwd(),
    environment: process.env,
    stdout: process.stdout,
    stderr: process.stderr,
    pid: process.pid,
    clockMs: () => Date.now(),
    stop: requests.stop,
    now: requests.now,
  };
  try {
    await commandLine(packageVersion(), surroundings, (settled) => {
      code = settled;
    }).parseAsync();
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return misused(error, surroundings);
    process.stderr.write(`${withoutStackTrace(error instanceof Error ? error.message : String(error))}\n`);
    return exitCodeOf(error);
  } finally {
    requests.release();
  }
}

/** Commander has said what is wrong; help and version, which it ends in the same way, are no misuse. */
function misused(error: CommanderError, { stdout }: Pick<Surroundings, "stdout">): ExitCode {
  if (error.exitCode === 0) return exitCode.done;
  if (asksForJson(process.argv.slice(2))) {
    stdout.write(`${resultLine({ result: "failed", changes: noChanges, durationMs: 0, outputs: {} })}\n`);
  }
  return exitCode.misuse;
}

/** `authn up | head`: who reads no more must not end an operation in its middle. */
function outliveReader(error: Error): void {
  if (!("code" in error) || error.code !== "EPIPE") throw error;
}

function packageVersion(): string {
  const file = createRequire(import.meta.url).resolve("pulumi-authn/package.json");
  const description: unknown = JSON.parse(readFileSync(file, "utf8"));
  return typeof description === "object" && description !== null && "version" in description
    ? String(description.version)
    : "unknown";
}

process.exitCode = await main();
