/**
 * Where a stack's ledger lies and whether every resource of the stack is in it: the same answer that the provider process comes to
 * (providers/host/ledger), from what is known before the engine runs.
 */
import { environmentLayer, layered } from "../../../providers/host/configuration.js";
import { backendMark, type LedgerScope, ledgerFolder, stateBeside } from "../../../providers/host/ledger/index.js";
import { qualifiedName } from "../backend.js";
import type { Configuration } from "../configuration.js";
import { systems } from "../faults.js";
import type { Situation } from "../situation.js";

export interface LedgerPlace {
  /** Absolute; it may not exist. */
  readonly folder: string;
  readonly scope: LedgerScope;
  /** Which state is held against it; undefined: nobody can tell. */
  readonly backend: string | undefined;
  /** Named by `authn:ledger`: it lasts as long as whoever named it says. */
  readonly given: boolean;
}

/** @returns undefined where `authn:ledger` is off */
export function ledgerPlace(
  {
    backend,
    configuration,
    home,
    project,
    stack,
  }: Pick<Situation, "backend" | "configuration" | "home" | "project" | "stack">,
  environment: NodeJS.ProcessEnv,
): LedgerPlace | undefined {
  const place = layered((key) => configuration.values[key], environmentLayer(environment))("authn:ledger");
  const [projectName, name] = qualifiedName(project, stack);
  const scope = { project: projectName, stack: name };
  const folder = ledgerFolder(place, home.folder, project.folder, scope);
  const mark = backendMark(backend.url, {
    projectFolder: project.folder,
    ownState: stateBeside(place, home.folder),
  });
  return folder === undefined ? undefined : { folder, scope, backend: mark, given: place !== undefined };
}

/** False where a resource may be made without an entry: it has no seed to seal one with. */
export function sealsAll({ values, secretKeys }: Configuration, environment: NodeJS.ProcessEnv): boolean {
  // An empty value counts as unset, as it does for the provider.
  const isSet = (key: string) => Boolean(values[key]) || secretKeys.has(key);
  if (isSet("authn:seed") || environmentLayer(environment)("authn:seed")) return true;
  // A service at an address of its own takes nothing of the embedded tenant, its seed included (providers/host/session.ts).
  const ownAddress = systems.some(({ namespace, urls }) => urls.some((key) => isSet(`${namespace}:${key}`)));
  return values["authn:tenant"] === "embedded" && !ownAddress;
}
