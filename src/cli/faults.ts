/** The configuration's faults, found before anything is started. The systems' own rules are their sections' (providers/host). */
import { AuthnError } from "../../providers/errors.js";
import {
  authnSection,
  type ConfigurationSection,
  environmentLayer,
  guardFaults,
  layered,
  parseSection,
  type ReadConfiguration,
} from "../../providers/host/configuration.js";
import { keyriSection } from "../../providers/keyri/settings.js";
import type { Configuration } from "./configuration.js";

/** Each fault as one sentence that names the key and the remedy. */
export type CheckConfiguration = (configuration: Configuration, environment: NodeJS.ProcessEnv) => readonly string[];

/** The systems' sections: a new system is one more line. */
const systems: readonly ConfigurationSection<unknown>[] = [keyriSection];

/** This command's own keys, what all systems share, and each system that is configured at all: an unused one needs nothing. */
export const checkConfiguration: CheckConfiguration = (configuration, environment) => {
  const { values, secretKeys } = configuration;
  const read = layered((key) => values[key], environmentLayer(environment));
  const authn = parseSection(authnSection, read);
  // The embedded tenant brings its own addresses and keys once it runs.
  const checked = values["authn:tenant"] === "embedded" ? [] : systems.filter((section) => isConfigured(section, read));
  const faults = [
    ...authn.faults,
    ...checked.flatMap((section) => [
      ...parseSection(section, read).faults,
      ...guardFaults(section, read, authn.settings?.allowedHosts ?? []),
    ]),
  ];
  // A key that only the engine can read is set, and what it holds is judged later.
  const readable = faults.filter(({ property }) => !secretKeys.has(property));
  return [...plainTextFaults(configuration), ...readable.map(({ property, reason }) => `${property} ${reason}`)];
};

function isConfigured({ namespace, keys }: ConfigurationSection<unknown>, read: ReadConfiguration): boolean {
  return keys.some((key) => read(`${namespace}:${key}`) !== undefined);
}

function plainTextFaults({ secretKeys }: Configuration): readonly string[] {
  return ["authn:tenant", "authn:fixtures", "authn:allowedHosts"].flatMap((key) =>
    secretKeys.has(key) ? [`${key} must be plain text: set it again without --secret`] : [],
  );
}

/** @throws AuthnError ERR_AUTHN_CONFIGURATION that lists every fault. */
export function refuseFaults(faults: readonly string[], stack: string): void {
  if (faults.length === 0) return;
  throw new AuthnError({
    code: "ERR_AUTHN_CONFIGURATION",
    what: `The configuration of stack ${stack} is wrong:\n${faults.map((fault) => `  ${fault}`).join("\n")}\nNothing was started`,
    remedy: "Put it right and run the command again",
  });
}
