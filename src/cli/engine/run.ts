/** Running another program to its end, within a time limit, so that nothing of it is left behind: its whole process group ends. */
import { spawn } from "node:child_process";

export interface RunOptions {
  readonly environment: NodeJS.ProcessEnv;
  readonly limitMs: number;
  readonly cwd?: string;
  readonly signal?: AbortSignal | undefined;
  /** Called after each whole minute, with the number of minutes so far. */
  readonly onMinute?: (minutes: number) => void;
}

export interface RunOutcome {
  /** Exit code; null where a signal ended it. */
  readonly code: number | null;
  readonly timedOut: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program's last words are enough, and a noisy one must not fill the memory. */
const keptCharacters = 64_000;
const graceMs = 3_000;

/** @throws the signal's reason when aborted; an `Error` when the program can't be started. */
export async function runToEnd(file: string, args: readonly string[], options: RunOptions): Promise<RunOutcome> {
  options.signal?.throwIfAborted();
  const grouped = process.platform !== "win32";
  const child = spawn(file, [...args], {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: options.environment,
    detached: grouped,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const end = (signal: NodeJS.Signals): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(grouped ? -child.pid : child.pid, signal);
    } catch {
      // Already gone, which is what was wanted.
    }
  };
  const timers: NodeJS.Timeout[] = [];
  const stop = (): void => {
    // SIGINT first: compilers then remove their temporary folders.
    end("SIGINT");
    timers.push(setTimeout(() => end("SIGKILL"), graceMs));
  };
  const endNow = (): void => end("SIGKILL");

  let timedOut = false;
  timers.push(
    setTimeout(() => {
      timedOut = true;
      stop();
    }, options.limitMs),
  );
  let minutes = 0;
  timers.push(setInterval(() => options.onMinute?.(++minutes), 60_000));
  options.signal?.addEventListener("abort", stop, { once: true });
  process.once("exit", endNow);

  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    stdout = (stdout + chunk).slice(-keptCharacters);
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    stderr = (stderr + chunk).slice(-keptCharacters);
  });
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    options.signal?.throwIfAborted();
    return { code, timedOut, stdout, stderr };
  } finally {
    for (const timer of timers) clearTimeout(timer);
    options.signal?.removeEventListener("abort", stop);
    process.removeListener("exit", endNow);
  }
}
