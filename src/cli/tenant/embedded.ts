/** The embedded tenant of an operation: the running one of AUTHN_HOME, else one in this process for as long as it takes. */
import { setTimeout as sleep } from "node:timers/promises";
import type { BaikalOptions, ClockReading, HankoOptions } from "../../../emulator/testing.js";
import { AuthnError } from "../../../providers/errors.js";
import type { Home } from "../home.js";
import { claimTenant } from "./ownership.js";
import { readTenantRecord, runningTenant, type TenantRecord } from "./record.js";
import { type StandingRecord, standingRecord } from "./standing-record.js";
import { enterTenant, tenantUsers, untilUnused } from "./users.js";

export const defaultPort = 4180;

/** What this command needs of `emulator/testing.ts`. */
export interface StartedTenant {
  readonly record: { readonly admin: { readonly url: string; readonly token: string } };
  readonly identity: { readonly id: string; readonly seed: string };
  close(): Promise<void>;
}
/** How slow and how busy the tenant's Keyless agent is; undefined: not at all. */
export interface AgentOptions {
  readonly agentLatencyMs: number | undefined;
  readonly agentConcurrency: number | undefined;
}
export type StartTenant = (options: {
  readonly basePort: number;
  readonly storeDirectory: string;
  readonly keyless?: AgentOptions;
  readonly hanko?: HankoOptions | undefined;
  readonly baikal?: BaikalOptions | undefined;
  /** Is told what the tenant's clock shows: at the start, and each time that it is set. */
  readonly clockChanged?: ((reading: ClockReading) => void) | undefined;
}) => Promise<StartedTenant>;

export interface TenantInUse {
  readonly adminUrl: string;
  readonly startedHere: boolean;
  /** How far its clock is from real time now, in milliseconds. */
  clockOffsetMs(): Promise<number>;
  /** Leaves the running one alone, and stops and forgets the one started here. */
  leave(): Promise<void>;
}

export interface TenantQuestion {
  readonly home: Home;
  readonly start: StartTenant;
  /** For a tenant that is started here. */
  readonly baikal: BaikalOptions | undefined;
  readonly pid: number;
  readonly clockMs: () => number;
  readonly now: AbortSignal;
  readonly report: (line: string) => void;
}

/** Another operation's tenant starts or stops within this; one that does neither isn't well. */
const patienceMs = 15_000;
const lookEveryMs = 100;

export async function useTenant(question: TenantQuestion): Promise<TenantInUse> {
  const { home, pid, clockMs } = question;
  const startedMs = clockMs();
  for (;;) {
    // Entered before looking: whoever runs one looks for users after it has taken its record away.
    const leave = await enterTenant(home.tenantUsers, pid);
    const running = await runningTenant(home.tenantRecord);
    if (running !== undefined) {
      const clockOffsetMs = async () => (await readTenantRecord(home.tenantRecord))?.clock?.offsetMs ?? 0;
      return { adminUrl: running.admin.url, startedHere: false, clockOffsetMs, leave };
    }
    await leave();
    const claim = await claimTenant(home.tenantOwner, pid);
    if (claim.ours) return await startForOperation(question, claim.release);
    if (clockMs() - startedMs > patienceMs || question.now.aborted) throw unwell(home, claim.holder);
    await sleep(lookEveryMs);
  }
}

function unwell(home: Home, holder: number): AuthnError {
  return new AuthnError({
    code: "ERR_AUTHN_TENANT",
    what: `Process ${holder} holds the embedded tenant of ${home.folder}, but it doesn't answer`,
    remedy: `End that process; if it has nothing to do with this, remove ${home.tenantOwner}`,
  });
}

async function startForOperation(question: TenantQuestion, release: () => Promise<void>): Promise<TenantInUse> {
  const { home, pid } = question;
  const standing = standingRecord(home.tenantRecord, pid);
  const tenant = await startOnUsualPort(question, standing).catch(async (error: unknown) => {
    await release();
    throw error;
  });
  const record = recordOf(tenant, pid, question.clockMs());
  try {
    standing.put(record);
  } catch (error) {
    await tenant.close();
    await release();
    throw error;
  }
  return {
    adminUrl: record.admin.url,
    startedHere: true,
    clockOffsetMs: async () => standing.clockOffsetMs(),
    leave: async () => {
      try {
        await forgetTenant(question, standing, record);
      } finally {
        await tenant.close();
        await release();
      }
    },
  };
}

/** Whoever enters before the record is gone may have read it: then it is put back until that one has left too. */
async function forgetTenant(
  { home, now, report }: TenantQuestion,
  standing: StandingRecord,
  record: TenantRecord,
): Promise<void> {
  for (;;) {
    await untilUnused(home.tenantUsers, now, (users) =>
      report(`keeping the embedded tenant up: process ${users.join(", ")} uses it too`),
    );
    await standing.remove();
    if (now.aborted || (await tenantUsers(home.tenantUsers)).length === 0) return;
    standing.put(record);
  }
}

/** The usual port where it is free, so that addresses stay the same between runs; any other where it isn't. */
async function startOnUsualPort(
  { start, home, baikal }: TenantQuestion,
  { clockChanged }: StandingRecord,
): Promise<StartedTenant> {
  const options = { storeDirectory: home.tenantStore, baikal, clockChanged };
  try {
    return await start({ basePort: defaultPort, ...options });
  } catch (error) {
    if (!(error instanceof Error && "problem" in error && error.problem === "port")) throw error;
    return await start({ basePort: 0, ...options });
  }
}

export function recordOf(tenant: StartedTenant, pid: number, nowMs: number): TenantRecord {
  return { pid, startedAt: new Date(nowMs).toISOString(), identity: tenant.identity, ...tenant.record };
}
