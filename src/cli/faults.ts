/** The configuration's faults, found before anything is started. The systems' own rules are their sections' (providers/host). */
import { baikalSection } from "../../providers/baikal/settings.js";
import { AuthnError } from "../../providers/errors.js";
import { hankoSection } from "../../providers/hanko/settings.js";
import {
  authnSection,
  type ConfigurationFault,
  type ConfigurationSection,
  environmentLayer,
  guardFaults,
  layered,
  parseSection,
  type ReadConfiguration,
} from "../../providers/host/configuration.js";
import { keylessSection } from "../../providers/keyless/settings.js";
import { keyriSection } from "../../providers/keyri/settings.js";
import type { Configuration } from "./configuration.js";
import type { Operation } from "./operations.js";
import type { StackState } from "./state.js";

/** Each fault as one sentence that names the key and the remedy. */
export type CheckConfiguration = (
  configuration: Configuration,
  environment: NodeJS.ProcessEnv,
  /** False where no service is going to be asked: then nothing is missing. */
  systemsNeeded: boolean,
) => readonly string[];

/** The systems' sections: a new system is one more line. */
export const systems: readonly ConfigurationSection<unknown>[] = [
  keyriSection,
  keylessSection,
  hankoSection,
  baikalSection,
];

/** What shows beside addresses that a system is used: a ring whose document goes into a file needs no service at all. */
const otherSigns: Readonly<Record<string, readonly string[]>> = { baikal: ["issuer"] };

function signsOf({ namespace, urls }: ConfigurationSection<unknown>): readonly string[] {
  return [...urls, ...(otherSigns[namespace] ?? [])].map((key) => `${namespace}:${key}`);
}

/** Which systems the fixtures need is known later; where nothing is left to take down, it is none. */
export function needsSystems(operation: Operation, { holds }: StackState): boolean {
  return operation !== "destroy" || holds?.nothing !== true;
}

/**
 * This command's own keys, what all systems share, and each system that is configured; where none is, that alone is told of them.
 * With the embedded tenant, which brings addresses and keys of its own, only what is set is judged; so where none is needed.
 */
export const checkConfiguration: CheckConfiguration = (configuration, environment, systemsNeeded) => {
  const { values, secretKeys } = configuration;
  const ofStack = layered((key) => values[key]);
  const ofEnvironment = layered(environmentLayer(environment));
  const read = layered(ofStack, ofEnvironment);
  const authn = parseSection(authnSection, read);
  const allowedHosts = authn.settings?.allowedHosts ?? [];
  const embedded = values["authn:tenant"] === "embedded";
  const systemFaults = (section: ConfigurationSection<unknown>): readonly ConfigurationFault[] => {
    const readSystem = embedded ? layered(ofStack, withoutTenants(section, ofEnvironment)) : read;
    const faults = [...parseSection(section, readSystem).faults, ...guardFaults(section, readSystem, allowedHosts)];
    if (systemsNeeded && !embedded) return faults;
    return faults.filter(({ property }) => readSystem(keyOf(property)) !== undefined);
  };
  const isConfigured = (section: ConfigurationSection<unknown>): boolean =>
    section.keys.some(
      (key) => secretKeys.has(`${section.namespace}:${key}`) || ofStack(`${section.namespace}:${key}`) !== undefined,
    ) ||
    // A token that lies about in the environment doesn't mean that this stack uses its service; an address does.
    signsOf(section).some((key) => ofEnvironment(key) !== undefined);
  const checked = embedded ? systems : systems.filter(isConfigured);
  // A key that only the engine can read is set, and what it holds is judged later.
  const readable = [...authn.faults, ...checked.flatMap(systemFaults)].filter(
    ({ property }) => !secretKeys.has(keyOf(property)),
  );
  return [
    ...plainTextFaults(configuration),
    ...readable.map(({ property, reason }) => `${property} ${reason}`),
    ...(systemsNeeded && checked.length === 0 ? [nothingConfigured] : []),
  ];
};

const nothingConfigured = `no service is configured: set what belongs to those that the fixtures use (${systems
  .map((section) => signsOf(section).join(", "))
  .join("; ")}), or try it out with the embedded tenant: pulumi config set authn:tenant embedded`;

/** The environment, less what a running tenant's record stands over. */
function withoutTenants(
  { namespace, urls, secrets }: ConfigurationSection<unknown>,
  read: ReadConfiguration,
): ReadConfiguration {
  const shadowed = new Set([...urls, ...secrets].map((key) => `${namespace}:${key}`));
  return (key) => (shadowed.has(key) ? undefined : read(key));
}

/** `keyri:paths` of `keyri:paths.login`. */
function keyOf(property: string): string {
  return property.split(".")[0] ?? property;
}

function plainTextFaults({ secretKeys }: Configuration): readonly string[] {
  return ["authn:tenant", "authn:fixtures", "authn:allowedHosts", "authn:ledger"].flatMap((key) =>
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
