/**
 * AUTHN_HOME/tenant.json: what a running embedded tenant leaves for the provider process and for other commands (addresses,
 * demonstration keys, seed, clock; 0600), as providers/host/tenantRecord.ts reads it.
 */
import { rm } from "node:fs/promises";
import { z } from "zod";
import { isAlive } from "../../../providers/host/alive.js";
import { parseJson } from "../json.js";
import { readFileIfPresent, writePrivateFileSync } from "../private-file.js";

const recordSchema = z.looseObject({
  pid: z.int().positive(),
  startedAt: z.string(),
  identity: z.object({ id: z.string(), seed: z.string() }),
  admin: z.object({ url: z.url(), token: z.string() }),
  clock: z.object({ offsetMs: z.int() }).optional(),
});
export type TenantRecord = z.infer<typeof recordSchema>;

/** undefined where no record lies, or none that can be read. */
export async function readTenantRecord(file: string): Promise<TenantRecord | undefined> {
  const text = await readFileIfPresent(file);
  return recordSchema.safeParse(parseJson(text ?? "")).data;
}

export function writeTenantRecord(file: string, record: TenantRecord): void {
  writePrivateFileSync(file, `${JSON.stringify(record, null, 2)}\n`);
}

/** Removes the record of this process only: another one may have started a tenant since. */
export async function removeTenantRecord(file: string, pid: number): Promise<void> {
  const record = await readTenantRecord(file);
  if (record?.pid === pid) await rm(file, { force: true });
}

const healthTimeoutMs = 2_000;
const healthSchema = z.object({ id: z.string() });

/** The record of a tenant that really answers: its process lives, and its admin page says so. */
export async function runningTenant(file: string): Promise<TenantRecord | undefined> {
  const record = await readTenantRecord(file);
  if (record === undefined || !isAlive(record.pid)) return undefined;
  try {
    const answer = await fetch(new URL("/health", record.admin.url), { signal: AbortSignal.timeout(healthTimeoutMs) });
    const health = healthSchema.safeParse(await answer.json());
    // Another tenant may have taken the port since.
    return health.data?.id === record.identity.id ? record : undefined;
  } catch {
    return undefined;
  }
}
