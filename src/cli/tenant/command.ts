/** `authn tenant`: the embedded tenant in the foreground, until Ctrl-C. Loads nothing of Pulumi. */
import { resolve } from "node:path";
import type { BaikalOptions, HankoOptions } from "../../../emulator/testing.js";
import { AuthnError } from "../../../providers/errors.js";
import type { Home } from "../home.js";
import { type AgentOptions, recordOf, type StartedTenant, type StartTenant } from "./embedded.js";
import { claimTenant } from "./ownership.js";
import { runningTenant, type TenantRecord } from "./record.js";
import { standingRecord } from "./standing-record.js";

export interface TenantCommand {
  readonly home: Home;
  /** The first of the consecutive ports; 0: any. */
  readonly port: number;
  /** Absolute or relative to `cwd`; undefined: AUTHN_HOME/tenant. */
  readonly store: string | undefined;
  readonly cwd: string;
  readonly keyless: AgentOptions;
  readonly hanko: HankoOptions | undefined;
  readonly baikal: BaikalOptions | undefined;
  readonly json: boolean;
  readonly start: StartTenant;
  readonly pid: number;
  readonly clockMs: () => number;
  readonly stop: AbortSignal;
  readonly write: (line: string) => void;
}

export async function runTenant(command: TenantCommand): Promise<void> {
  const { home, pid } = command;
  const running = await runningTenant(home.tenantRecord);
  const claim = await claimTenant(home.tenantOwner, pid);
  if (running !== undefined || !claim.ours) {
    if (claim.ours) await claim.release();
    throw alreadyRuns(home, running);
  }
  try {
    await serve(command);
  } finally {
    await claim.release();
  }
}

async function serve(command: TenantCommand): Promise<void> {
  const { home, pid } = command;
  const storeDirectory = command.store === undefined ? home.tenantStore : resolve(command.cwd, command.store);
  const { port: basePort, keyless, hanko, baikal } = command;
  const record = standingRecord(home.tenantRecord, pid);
  const { clockChanged } = record;
  const tenant = await command.start({ basePort, storeDirectory, keyless, hanko, baikal, clockChanged });
  try {
    record.put(recordOf(tenant, pid, command.clockMs()));
    for (const line of readyText(command, tenant, storeDirectory)) command.write(line);
    await aborted(command.stop);
  } finally {
    await record.remove();
    await tenant.close();
  }
  if (!command.json) command.write("stopped");
}

function alreadyRuns(home: Home, running: TenantRecord | undefined): AuthnError {
  const where = running === undefined ? "it starts or stops just now" : `${running.admin.url} (process ${running.pid})`;
  return new AuthnError({
    code: "ERR_AUTHN_TENANT",
    what: `An embedded tenant already runs for ${home.folder}: ${where}`,
    remedy: "Use that one, or stop it first; a second one needs an AUTHN_HOME of its own",
  });
}

/** With `--json` exactly the record; otherwise addresses alone, since a terminal's history is no place for tokens. */
function readyText(command: TenantCommand, tenant: StartedTenant, store: string): readonly string[] {
  if (command.json) return [JSON.stringify(tenant.record)];
  const services = Object.entries(tenant.record).filter(([system]) => system !== "admin");
  return [
    "The embedded tenant is ready.",
    line("admin page", `${tenant.record.admin.url}/`),
    ...services.flatMap(([system, settings]) => addresses(system, settings)).map(([name, url]) => line(name, url)),
    line("store", store),
    line("record", `${command.home.tenantRecord} (addresses and tokens, for you alone)`),
    "Stacks with `authn:tenant: embedded` use it while it runs. Stop it with Ctrl-C.",
  ];
}

const line = (name: string, text: string) => `  ${name.padEnd(22)}  ${text}`;

/** Every address in a system's part of the record, named as it is there: `keyless agent`, `hanko passkey`. */
function addresses(name: string, settings: unknown): readonly (readonly [name: string, url: string])[] {
  if (typeof settings !== "object" || settings === null) return [];
  return Object.entries(settings).flatMap(([key, value]) => {
    // What a browser opens is the relying party's own origin.
    const part = key === "origin" ? "page" : key.replace(/url$/i, "");
    const full = part === "" ? name : `${name} ${part}`;
    if (typeof value !== "string") return addresses(full, value);
    return value.startsWith("http://") || value.startsWith("https://") ? [[full, value] as const] : [];
  });
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolveWait) => signal.addEventListener("abort", () => resolveWait(), { once: true }));
}
