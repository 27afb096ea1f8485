/** The bench's side of the tenant's process. */
import { z } from "zod";
import { startChild } from "./processes/child.mjs";

const startedSchema = z.object({ url: z.string(), token: z.string(), seed: z.string() });
const journalSchema = z.object({ requests: z.number(), writes: z.number() });

/** @typedef {Awaited<ReturnType<typeof startBenchTenant>>} BenchTenant */

/** @param {string} storeDirectory @param {{ cwd: string, environment: NodeJS.ProcessEnv }} surroundings */
export async function startBenchTenant(storeDirectory, surroundings) {
  const child = startChild(new URL("children/tenant.mjs", import.meta.url), surroundings);
  const { url, token, seed } = await child.ask("start", storeDirectory, startedSchema);
  return {
    url,
    token,
    config: { "keyri:url": url, "keyri:token": token, "authn:seed": seed },
    /** What was asked since the last look. */
    takeJournal: () => child.ask("takeJournal", undefined, journalSchema),
    keys: () => child.ask("keys", undefined, z.number()),
    close: () => child.end(),
  };
}
