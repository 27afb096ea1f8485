/** The seed that a stack's ledger is sealed with, found where the provider process finds it (providers/host/session.ts). */
import { AuthnError } from "../../../providers/errors.js";
import { environmentLayer, layered, type ReadConfiguration } from "../../../providers/host/configuration.js";
import { seed as seedSchema } from "../../../providers/host/derivation.js";
import { findTenant } from "../../../providers/host/tenantRecord.js";

export interface SeedPlaces {
  /** The stack's configuration, its secrets among it. */
  readonly configured: ReadConfiguration;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** AUTHN_HOME, absolute: where a running embedded tenant leaves its record. */
  readonly home: string;
}

/** The stack's configuration, then the embedded tenant that runs, then the environment. @throws AuthnError where there is none */
export function seedOf({ configured, environment, home }: SeedPlaces): Buffer {
  const ofTenant = configured("authn:tenant") === "embedded" ? tenantsSeed(home) : undefined;
  const text = layered(configured, () => ofTenant, environmentLayer(environment))("authn:seed");
  if (text !== undefined) return parseSeed(text, "authn:seed");
  throw new AuthnError({
    code: "ERR_AUTHN_LEDGER",
    what: "The ledger can't be opened: there is no authn:seed",
    remedy:
      "Set the seed that it was sealed with (pulumi config set --secret authn:seed …, or AUTHN_SEED); `authn ledger status` needs none",
  });
}

/** The seed of before, for `authn ledger rekey`. An argument would stand in the list of processes. */
export function previousSeed(environment: Readonly<Record<string, string | undefined>>): Buffer {
  const text = environment["AUTHN_PREVIOUS_SEED"];
  if (text) return parseSeed(text, "AUTHN_PREVIOUS_SEED");
  throw new AuthnError({
    code: "ERR_AUTHN_USAGE",
    what: "The seed that the ledger was sealed with so far is missing",
    remedy: "Give it in the environment variable AUTHN_PREVIOUS_SEED, and today's as authn:seed",
  });
}

function tenantsSeed(home: string): string | undefined {
  const tenant = findTenant({ AUTHN_HOME: home }, home);
  return tenant.running ? tenant.read((entry) => entry)("authn:seed") : undefined;
}

function parseSeed(text: string, name: string): Buffer {
  const parsed = seedSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new AuthnError({
    code: "ERR_AUTHN_CONFIGURATION",
    what: `${name} ${parsed.error.issues.map(({ message }) => message).join("; ")}`,
    remedy: "Put it right and run the command again",
  });
}
