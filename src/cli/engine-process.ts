/**
 * How the engine is run: in a process group of its own, because a terminal's Ctrl-C reaches the whole foreground group and the
 * engine takes a second SIGINT (ours, after the terminal's) as the order to drop everything. So only this file signals it.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { delimiter, dirname, isAbsolute } from "node:path";
import { AuthnError } from "../../providers/errors.js";
import { withShownAddresses } from "./backend-address.js";
import { withoutStackTrace } from "./text.js";

export interface EngineRun {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

export interface EngineOptions {
  /** Path of the `pulumi` executable, or its name on PATH. */
  readonly command: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly stop: AbortSignal;
  readonly now: AbortSignal;
  /** Ends an `up` in order, like the first Ctrl-C, and nothing that comes after it. */
  readonly halt?: AbortSignal | undefined;
  /** Called as soon as the engine runs: it starts for half a second, in which this process can load what it needs next. */
  readonly onSpawn: () => void;
}

/** The shape in which the SDK calls its engine (`PulumiCommand.run` of @pulumi/pulumi 3.248.0). */
export type RunEngine = (
  args: readonly string[],
  cwd: string,
  additionalEnvironment: Readonly<Record<string, string>>,
  onOutput?: (text: string) => void,
  onError?: (text: string) => void,
) => Promise<EngineRun>;

/** @throws AuthnError ERR_AUTHN_ENGINE, with the engine's own words, where it ends with another code than 0. */
export function engineRunner(options: EngineOptions): RunEngine {
  return (args, cwd, additional, onOutput, onError) =>
    new Promise((resolve, reject) => {
      const environment: NodeJS.ProcessEnv = { ...options.environment, ...additional, PULUMI_AUTOMATION_API: "true" };
      const engine = spawn(options.command, [...args, "--non-interactive"], {
        cwd,
        env: { ...environment, PATH: searchPath(options.command, environment["PATH"]) },
        stdio: ["ignore", "pipe", "pipe"],
        detached: process.platform !== "win32",
      });
      const stop = () => engine.kill("SIGINT");
      const now = () => killGroup(engine);
      options.stop.addEventListener("abort", stop);
      options.now.addEventListener("abort", now);
      const halt = args[0] === "up" ? options.halt : undefined;
      halt?.addEventListener("abort", stop);
      if (options.now.aborted) now();
      else if (options.stop.aborted) stop();
      const stdout = collect(engine.stdout, onOutput);
      const stderr = collect(engine.stderr, onError);
      const release = () => {
        options.stop.removeEventListener("abort", stop);
        halt?.removeEventListener("abort", stop);
        options.now.removeEventListener("abort", now);
      };
      engine.once("spawn", options.onSpawn);
      engine.once("error", (error) => {
        release();
        reject(engineError(args, error.message, error));
      });
      engine.once("close", (code, signal) => {
        release();
        const run = { stdout: stdout(), stderr: stderr(), code: code ?? 1 };
        if (code === 0) resolve(run);
        else reject(engineError(args, withShownAddresses(engineWords(run, signal), environment["PULUMI_BACKEND_URL"])));
      });
    });
}

/** The engine finds the provider host's launcher beside itself. */
function searchPath(command: string, path: string | undefined): string {
  return [isAbsolute(command) ? dirname(command) : "", path ?? ""].filter((entry) => entry !== "").join(delimiter);
}

function killGroup(engine: ChildProcess): void {
  if (engine.pid === undefined || engine.exitCode !== null || engine.signalCode !== null) return;
  if (process.platform === "win32") engine.kill("SIGKILL");
  else process.kill(-engine.pid, "SIGKILL");
}

function collect(stream: NodeJS.ReadableStream, forward?: (text: string) => void): () => string {
  let text = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    text += chunk;
    forward?.(chunk);
  });
  return () => text;
}

function engineError(args: readonly string[], words: string, cause?: unknown): AuthnError {
  const options = args.findIndex((argument) => argument.startsWith("-"));
  const command = options === -1 ? args : args.slice(0, options);
  return new AuthnError({
    code: "ERR_AUTHN_ENGINE",
    what: words === "" ? "The Pulumi engine failed without saying why" : words,
    where: `pulumi ${command.join(" ")}`,
    remedy: "Put right what it names and run the command again",
    cause,
  });
}

/** What follows the engine's `error:`, which is all that a reader needs of its output. */
export function engineWords(run: EngineRun, signal: NodeJS.Signals | null = null): string {
  if (signal !== null) return `The Pulumi engine was ended by ${signal}`;
  // Of stdout only what follows its own `error:`: the rest may be an export, with secrets.
  const [words = run.stderr] = [run.stderr, run.stdout].flatMap((output) => {
    const text = withoutStackTrace(output);
    const start = text.search(/^\s*error: /m);
    return start === -1 ? [] : [text.slice(start)];
  });
  return withoutStackTrace(words)
    .replace(/^error: /gm, "")
    .replace(/[.\s]+$/, "");
}
