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

/** Serves a lifecycle as a new provider process would; waiting between attempts takes no time. */
export function hosted<Inputs extends CommonInputs, State extends object, Settings, Session>(
  lifecycle: Lifecycle<Inputs, State, Settings, Session>,
  { configuration, stopped = () => false, warn = () => undefined, workingDirectory = "/" }: Hosting,
): HostedProvider {
  const provider = adapt(lifecycle, {
    environment: {},
    workingDirectory,
    enter: () => () => undefined,
    dependencies: {
      clock: { now: () => Date.now(), sleep: () => Promise.resolve() },
      random: { uuid: () => randomUUID(), fraction: () => 0.5, bytes: (length) => randomBytes(length) },
      warn,
      stopped,
    },
  });
  void provider.configure({ config: { get: (key) => configuration[key] } });
  return provider;
}
