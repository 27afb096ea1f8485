/** What a command takes from the process it runs in; handed in, so that nothing below reaches for it. */
import type { Output } from "./progress/display.js";

export interface Surroundings {
  readonly cwd: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly pid: number;
  /** Milliseconds since the epoch. */
  readonly clockMs: () => number;
  /** Aborted by the first Ctrl-C. */
  readonly stop: AbortSignal;
  /** Aborted by the second. */
  readonly now: AbortSignal;
}

/** The options that all commands share. */
export interface CommonOptions {
  readonly stack: string;
  readonly fixtures: string | undefined;
  readonly parallel: number | undefined;
  readonly json: boolean;
}
