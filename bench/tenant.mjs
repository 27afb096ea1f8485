/** The bench's side of the tenant's process. */
import { z } from "zod";
import { startChild } from "./processes/child.mjs";

const texts = z.record(z.string(), z.string());
const configurationSchema = z.object({ settings: texts, secrets: texts });
const journalSchema = z.object({ requests: z.number(), writes: z.number() });

/** @typedef {Awaited<ReturnType<typeof startBenchTenant>>} BenchTenant */

/**
 * @param {{ resource: import("./resources/index.mjs").ResourceName, options: import("../dist/emulator/testing.js").TenantOptions }} start
 * @param {{ cwd: string, environment: NodeJS.ProcessEnv }} surroundings
 */
export async function startBenchTenant(start, surroundings) {
  const child = startChild(new URL("children/tenant.mjs", import.meta.url), surroundings);
  return {
    /** The stack's, to reach it. */
    configuration: await child.ask("start", start, configurationSchema),
    /** What was asked since the last look. */
    takeJournal: () => child.ask("takeJournal", undefined, journalSchema),
    /** How many of the resource it holds. */
    count: () => child.ask("count", undefined, z.number()),
    close: () => child.end(),
  };
}
