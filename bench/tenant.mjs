/** The bench's side of the tenant's process. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { startChild } from "./processes/child.mjs";

const texts = z.record(z.string(), z.string());
const configurationSchema = z.object({ settings: texts, secrets: texts });
const journalSchema = z.object({ requests: z.number(), writes: z.number() });

/** @typedef {Awaited<ReturnType<typeof startBenchTenant>>} BenchTenant */
/**
 * @typedef {object} Start
 * @property {import("./resources/index.mjs").ResourceName} resource
 * @property {string} folder where its store and its record lie
 * @property {import("../dist/emulator/testing.js").TenantOptions} options
 */

/** @param {Start} start @param {{ cwd: string, environment: NodeJS.ProcessEnv }} surroundings */
export async function startBenchTenant({ resource, folder, options }, surroundings) {
  const home = join(folder, "authn");
  await mkdir(home, { recursive: true, mode: 0o700 });
  const job = {
    resource,
    recordFile: join(home, "tenant.json"),
    options: { ...options, storeDirectory: join(folder, "tenant") },
  };
  const child = startChild(new URL("children/tenant.mjs", import.meta.url), surroundings);
  return {
    /** The stack's, to reach it. */
    configuration: await child.ask("start", job, configurationSchema),
    /** AUTHN_HOME of whoever is to find it by `authn:tenant: embedded`. */
    home,
    /** What was asked since the last look. */
    takeJournal: () => child.ask("takeJournal", undefined, journalSchema),
    /** @param {number} ms @returns {Promise<number>} how far its clock is from real time then, in milliseconds */
    advanceClock: (ms) => child.ask("advanceClock", ms, z.number()),
    /** How many of the resource it holds. */
    count: () => child.ask("count", undefined, z.number()),
    close: () => child.end(),
  };
}
