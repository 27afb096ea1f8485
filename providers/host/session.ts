/**
 * What the calls of one provider instance share: its configuration, parsed once, and the opened session, made once and only
 * when a call first needs it. Checks see the configuration's faults without opening anything.
 */
import { AuthnError } from "../errors.js";
import {
  type AuthnSettings,
  authnSection,
  type ConfigurationFault,
  type ConfigurationSection,
  environmentLayer,
  guardFaults,
  layered,
  parseSection,
  type ReadConfiguration,
} from "./configuration.js";
import { derivationFrom } from "./derivation.js";
import type { Owner } from "./inputs.js";
import { stateAddress } from "./ledger/address.js";
import { backendMark } from "./ledger/backend.js";
import type { Ledger } from "./ledger/ledger.js";
import { noLedger } from "./ledger/none.js";
import { type LedgerScope, ledgerFolder, stateBeside } from "./ledger/place.js";
import type { Clock, CommonInputs, Dependencies, Lifecycle, SessionSettings } from "./lifecycle.js";
import { authnHome, projectFolder } from "./projectFolder.js";
import { findTenant, type TenantEntry } from "./tenantRecord.js";
import { UNKNOWN } from "./unknown.js";

/** Set by `AuthnProvider`: the configuration is an explicit instance's own. */
const EXPLICIT_INSTANCE = "authn:instance";
const NOTHING: ReadConfiguration = () => undefined;

/** The process around the provider: what it may reach for, passed in. */
export interface HostProcess {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
  readonly dependencies: Dependencies;
  /** Marks a method as under way; the answer marks its end. */
  enter(): () => void;
  /** The operation that it belongs to, and its own number: see `LedgerHost`. */
  readonly operation: { readonly id: string; readonly pid: number };
  /** What is opened once a process, by its folder: a host serves all types of resources. */
  readonly ledgers: Map<string, Promise<Ledger>>;
  /** See `LedgerHost`. */
  atEnd?(act: () => void): void;
}

export interface OpenedSession<Settings, Session> {
  configure(read: ReadConfiguration): void;
  faults(): readonly ConfigurationFault[];
  /** The settings that all systems share, and the system's own, where they can be used. */
  authn(): AuthnSettings | undefined;
  system(): Settings | undefined;
  session(): Promise<Session>;
  /** The ledger of the stack that the owner is of; one that knows and keeps nothing, where there is to be none. */
  ledger(owner: Owner): Promise<Ledger>;
  /** Absolute: the base of every relative path. */
  projectFolder(): string;
  /** The address that stands for the service, once the session can be opened. */
  service(): string;
  /** The clock that the session goes by, Unix time in milliseconds: the embedded tenant's, where that is in force. */
  nowMs(): number;
  /** The configuration's secret values, for redaction. */
  secrets(): readonly string[];
}

interface Resolved<Settings> {
  readonly faults: readonly ConfigurationFault[];
  readonly secrets: readonly string[];
  readonly settings: SessionSettings<Settings> | undefined;
  /** 0 but for an embedded tenant whose clock was moved. */
  readonly clockOffsetMs: number;
  readonly service: string;
}

export function openSession<Inputs extends CommonInputs, State extends object, Settings, Session>(
  lifecycle: Lifecycle<Inputs, State, Settings, Session>,
  host: HostProcess,
): OpenedSession<Settings, Session> {
  let configured: ReadConfiguration = () => undefined;
  let resolved: Resolved<Settings> | undefined;
  let session: Promise<Session> | undefined;
  let place: Project | undefined;
  const project = () => {
    place ??= projectOf(host);
    return place;
  };
  const resolve = () => {
    resolved ??= resolveSettings(lifecycle.settings, configured, host);
    return resolved;
  };
  // Services of the tenant judge signatures, tokens and key rings by its clock: what speaks to them must go by the same.
  const { clock: real } = host.dependencies;
  const clock: Clock = { now: () => real.now() + resolve().clockOffsetMs, sleep: (ms) => real.sleep(ms) };
  return {
    configure(read) {
      configured = read;
      resolved = undefined;
      session = undefined;
    },
    faults: () => resolve().faults,
    authn: () => resolve().settings?.authn,
    system: () => resolve().settings?.system,
    secrets: () => resolve().secrets,
    session: async () => {
      const { settings, faults } = resolve();
      if (settings === undefined) throw configurationError(faults);
      session ??= lifecycle.session(settings, { ...host.dependencies, clock });
      return session;
    },
    ledger: (owner) =>
      ledgerOf({ project: owner.project, stack: owner.stack }, resolve().settings?.authn, project(), host),
    projectFolder: () => project().folder,
    service: () => resolve().service,
    nowMs: () => clock.now(),
  };
}

/** Where the process works: the same for every call. */
interface Project {
  readonly folder: string;
  readonly home: string;
}

function projectOf({ environment, workingDirectory }: HostProcess): Project {
  const folder = projectFolder(workingDirectory);
  return { folder, home: authnHome(environment, folder) };
}

function ledgerOf(
  scope: LedgerScope,
  authn: AuthnSettings | undefined,
  project: Project,
  host: HostProcess,
): Promise<Ledger> {
  const { environment, dependencies, operation, ledgers } = host;
  const { seed, ledger: place } = authn ?? {};
  const folder = ledgerFolder(place, project.home, project.folder, scope);
  if (folder === undefined) return Promise.resolve(noLedger);
  // The seed seals it: what is kept there are keys.
  if (seed === undefined) return unsealed(folder);
  const known = ledgers.get(folder);
  if (known !== undefined) return known;
  const { clock, warn } = dependencies;
  const open = async (): Promise<Ledger> => {
    const [{ openLedger }, address] = await Promise.all([
      import("./ledger/ledger.js"),
      stateAddress(environment, project.folder),
    ]);
    const surroundings = { projectFolder: project.folder, ownState: stateBeside(place, project.home) };
    return openLedger(folder, seed, scope, {
      ...{ operation: operation.id, pid: operation.pid, backend: backendMark(address, surroundings), clock, warn },
      ...(host.atEnd === undefined ? {} : { atEnd: host.atEnd }),
    });
  };
  const opening = open();
  ledgers.set(folder, opening);
  return opening;
}

/** What earlier operations left can't be read without their seed: going on would make it twice. */
async function unsealed(folder: string): Promise<Ledger> {
  const { isLedgerEmpty } = await import("./ledger/outline.js");
  if (await isLedgerEmpty(folder)) return noLedger;
  throw new AuthnError({
    code: "ERR_AUTHN_LEDGER",
    what: `The ledger in ${folder} isn't empty, and there is no authn:seed to open it with`,
    remedy:
      "Set the seed that it was sealed with; `authn ledger status` needs none, `authn ledger forget --all` gives it up",
  });
}

/** One system's settings from the layered configuration, or every fault of it. Also what `authn` asks before it starts an engine. */
export function resolveSettings<Settings>(
  section: ConfigurationSection<Settings>,
  configured: ReadConfiguration,
  host: Pick<HostProcess, "environment" | "workingDirectory">,
): Resolved<Settings> {
  // A service at an address of its own has nothing to do with the embedded tenant: not its token, its seed, nor its identity.
  const ownAddress = section.urls.some((key) => configured(`${section.namespace}:${key}`) !== undefined);
  const embedded = configured("authn:tenant") === "embedded" && !ownAddress;
  const tenant = embedded ? findTenant(host.environment, host.workingDirectory) : undefined;
  const clockOffsetMs = tenant?.running ? tenant.clockOffsetMs : 0;
  // An explicit instance sees only its own inputs: the environment's token is that of another account.
  const isExplicit = configured(EXPLICIT_INSTANCE) !== undefined;
  const chosen = isExplicit ? configured : layered(configured, environmentLayer(host.environment));
  const flat = (entry: TenantEntry) => section.ofTenant?.(entry, chosen) ?? entry;
  const fromTenant = tenant?.running ? tenant.read(flat) : NOTHING;
  const readAuthn = layered(configured, fromTenant, environmentLayer(host.environment));
  const read = isExplicit ? layered(configured, fromTenant) : readAuthn;
  const secrets = [
    ...authnSection.secrets.flatMap((key) => readAuthn(`authn:${key}`) ?? []),
    ...section.secrets.flatMap((key) => read(`${section.namespace}:${key}`) ?? []),
  ];
  // An explicit instance's configuration may not be known in a preview: there is nothing to judge yet.
  if (
    [
      ...authnSection.keys.map((key) => `authn:${key}`),
      ...section.keys.map((key) => `${section.namespace}:${key}`),
    ].some((key) => read(key) === UNKNOWN)
  )
    return { faults: [], secrets, settings: undefined, clockOffsetMs, service: "" };
  if (tenant !== undefined && !tenant.running)
    return {
      faults: [{ property: "authn:tenant", reason: tenant.reason }],
      secrets,
      settings: undefined,
      clockOffsetMs,
      service: "",
    };

  const authn = parseSection(authnSection, readAuthn);
  const system = parseSection(section, read);
  const guarded = authn.settings === undefined ? [] : guardFaults(section, read, authn.settings.allowedHosts);
  const faults = [...authn.faults, ...system.faults, ...guarded];
  if (authn.settings === undefined || system.settings === undefined || faults.length > 0)
    return { faults, secrets, settings: undefined, clockOffsetMs, service: "" };
  const service = tenant?.running ? `embedded:${tenant.id}` : section.serviceUrl(system.settings);
  const rootSeed = authn.settings.seed;
  const derivation = rootSeed === undefined ? undefined : derivationFrom(rootSeed, service);
  return {
    faults,
    secrets,
    clockOffsetMs,
    service,
    settings: {
      authn: authn.settings,
      system: system.settings,
      derivation,
      projectFolder: projectFolder(host.workingDirectory),
    },
  };
}

function configurationError(faults: readonly ConfigurationFault[]): AuthnError {
  const list = faults.map(({ property, reason }) => `${property} ${reason}`).join("; ");
  return new AuthnError({
    code: "ERR_AUTHN_CONFIGURATION",
    what: `The configuration can't be used: ${list}`,
    remedy: "Set what is named, then run the command again",
  });
}
