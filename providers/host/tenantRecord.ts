/**
 * The record that a running embedded tenant leaves in `AUTHN_HOME/tenant.json` (0600): addresses, demonstration keys, the
 * seed and how far its clock is set, read where the configuration says `authn:tenant: embedded` (design: "The embedded tenant").
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { isAlive } from "./alive.js";
import type { ReadConfiguration } from "./configuration.js";
import { authnHome, projectFolder } from "./projectFolder.js";

const tenantRecord = z.looseObject({
  pid: z.int().positive(),
  identity: z.object({ id: z.string().min(1), seed: z.string().min(1) }),
  clock: z.object({ offsetMs: z.int() }).optional(),
});
const system = z.record(z.string(), z.unknown());

export type TenantEntry = Readonly<Record<string, unknown>>;
type FlattenEntry = (entry: TenantEntry) => TenantEntry;

export type FoundTenant =
  | {
      readonly running: true;
      readonly id: string;
      /** How far the tenant's clock is from real time, in milliseconds. */
      readonly clockOffsetMs: number;
      /** @param flat brings an entry that is nested to the names of the configuration */
      readonly read: (flat: FlattenEntry) => ReadConfiguration;
    }
  | { readonly running: false; readonly reason: string };

export function findTenant(
  environment: Readonly<Record<string, string | undefined>>,
  workingDirectory: string,
): FoundTenant {
  const project = projectFolder(workingDirectory);
  const file = join(authnHome(environment, project), "tenant.json");
  const remedy = "Start one with `npx authn tenant` and leave it running, or use `npx authn up`, which starts its own";
  if (!existsSync(file))
    return { running: false, reason: `is "embedded", but no embedded tenant runs: ${file} does not exist. ${remedy}` };
  const parsed = parseRecord(file);
  if (parsed === undefined)
    return { running: false, reason: `is "embedded", but ${file} can't be read as a tenant's record. ${remedy}` };
  if (!isAlive(parsed.pid))
    return { running: false, reason: `is "embedded", but the tenant of ${file} no longer runs. ${remedy}` };
  return {
    running: true,
    id: parsed.identity.id,
    clockOffsetMs: parsed.clock?.offsetMs ?? 0,
    read: (flat) => (key) => {
      if (key === "authn:seed") return parsed.identity.seed;
      const [namespace = "", name = ""] = key.split(":");
      const entry = system.safeParse(Object.hasOwn(parsed, namespace) ? parsed[namespace] : undefined).data;
      const value = entry === undefined ? undefined : flat(entry)[name];
      return typeof value === "string" ? value : undefined;
    },
  };
}

function parseRecord(file: string): z.infer<typeof tenantRecord> | undefined {
  try {
    return tenantRecord.safeParse(JSON.parse(readFileSync(file, "utf8"))).data;
  } catch {
    return undefined;
  }
}
