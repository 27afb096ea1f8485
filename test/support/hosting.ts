/** A provider in this process, as the stock host would serve it: the adapter, a tenant's configuration, a held clock. */
import { randomBytes, randomUUID } from "node:crypto";
import { adapt, type HostedProvider } from "../../providers/host/adapter.js";
import type { CommonInputs, Lifecycle } from "../../providers/host/lifecycle.js";

export interface Hosting {
  readonly configuration: Readonly<Record<string, string>>;
  readonly stopped?: () => boolean;
  readonly warn?: (line: string) => void;
  readonly workingDirectory?: string;
}

/** Where a process ends as if by `kill -9`: nothing of it runs on. */
export interface Death {
  readonly in: "begin" | "step" | "change" | "delete";
  /** The how manyeth of its steps, or of the changes that it makes; from 0. */
  readonly index: number;
  /** What it was going to do has not begun, or is done. */
  readonly moment: "before" | "after";
  died(): void;
}

let death: Death | undefined;

/** Whatever `make` hosts dies there. */
export function dying<T>(at: Death, make: () => T): T {
  death = at;
  try {
    return make();
  } finally {
    death = undefined;
  }
}

function mortal<Inputs extends CommonInputs, State extends object, Settings, Session>(
  lifecycle: Lifecycle<Inputs, State, Settings, Session>,
  at: Death,
): Lifecycle<Inputs, State, Settings, Session> {
  const counts = { begin: 0, step: 0, change: 0, delete: 0 };
  const never = (): Promise<never> => {
    at.died();
    return new Promise(() => undefined);
  };
  const lived = async <T>(what: Death["in"], work: () => Promise<T>): Promise<T> => {
    const isLast = at.in === what && counts[what]++ === at.index;
    if (isLast && at.moment === "before") return never();
    const done = await work();
    return isLast ? never() : done;
  };
  return {
    ...lifecycle,
    begin: (session, inputs) => lived("begin", () => lifecycle.begin(session, inputs)),
    steps: lifecycle.steps.map((step) => ({
      ...step,
      run: (session, state) => lived("step", () => step.run(session, state)),
    })),
    changes: lifecycle.changes.map((change) => ({
      ...change,
      run: (session, state, inputs, isResumed) => lived("change", () => change.run(session, state, inputs, isResumed)),
    })),
    delete: (session, id, state, open) => lived("delete", () => lifecycle.delete(session, id, state, open)),
  };
}

/** Serves a lifecycle as a new provider process would; waiting between attempts takes no time. */
export function hosted<Inputs extends CommonInputs, State extends object, Settings, Session>(
  lifecycle: Lifecycle<Inputs, State, Settings, Session>,
  { configuration, stopped = () => false, warn = () => undefined, workingDirectory = "/" }: Hosting,
): HostedProvider {
  const provider = adapt(death === undefined ? lifecycle : mortal(lifecycle, death), {
    environment: {},
    workingDirectory,
    enter: () => () => undefined,
    operation: { id: randomUUID(), pid: 0 },
    ledgers: new Map(),
    dependencies: {
      clock: { now: () => Date.now(), sleep: () => Promise.resolve() },
      random: { uuid: () => randomUUID(), fraction: () => 0.5, bytes: (length) => randomBytes(length) },
      warn,
      stopped,
    },
  });
  // A ledger is kept where the test names a folder, and a seed.
  const settings: Readonly<Record<string, string>> = {
    "authn:ledger": "off",
    ...configuration,
  };
  void provider.configure({ config: { get: (key) => settings[key] } });
  return provider;
}
