/** What the locator is asked and what it answers; the words of `AUTHN_ENGINE` are the sources that can be asked for alone. */
import type { PulumiCommand } from "@pulumi/pulumi/automation/cmd.js";

/** Where the engine of this run came from; `versions` is what an earlier run, or another program, left in `<PULUMI_HOME>/versions`. */
export type EngineSource = "path" | "versions" | "installer" | "go";

/** The sources that bring an engine to a machine without one. */
export type AcquiredSource = "installer" | "go";

export interface Engine {
  readonly command: PulumiCommand;
  readonly source: EngineSource;
  /** Semantic version without a leading `v`. */
  readonly version: string;
  /** The installation's folder, where the engine stands in `<root>/bin`. */
  readonly root?: string;
  /**
   * What the engine's environment needs besides the caller's own. Usually empty; holds `PATH` where the launcher of the
   * dynamic-provider host stands neither beside the engine nor on PATH, and the one of `@pulumi/pulumi` serves.
   */
  readonly environment: Readonly<Record<string, string>>;
}

export interface FindEngineOptions {
  /** The process's own environment: reads `AUTHN_ENGINE`, `PULUMI_HOME`, `HOME`, `PATH`. */
  readonly environment: NodeJS.ProcessEnv;
  /** Takes whole lines for a person: what is used, what was passed over and why, what takes long. */
  readonly report: (line: string) => void;
  readonly signal?: AbortSignal;
  /** Called when an engine was started to tell its version: a good moment to load something long. */
  readonly asked?: () => void;
}

/** The result of one way of getting something: the thing, or why not, as a clause without a full stop. */
export type Attempt<T> = { readonly got: T } | { readonly reason: string };
