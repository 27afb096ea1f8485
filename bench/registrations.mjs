/** What an ES256 registration costs of our own, without HTTP, service and engine, in a process of its own. */
import { z } from "zod";
import { startChild } from "./processes/child.mjs";

const costSchema = z.object({ cpuSeconds: z.number(), wallSeconds: z.number() });
const costsSchema = z.object({ first: costSchema, each: costSchema });

/** @typedef {z.infer<typeof costSchema>} Cost */
/** @typedef {{ count: number, first: Cost | undefined, each: Cost | undefined, notes: readonly string[] }} RegistrationsRun `each`: the mean of those after the first */

/** @param {import("./setting.mjs").Surroundings} surroundings @param {number} count @returns {Promise<RegistrationsRun>} */
export async function measureRegistrations({ packageFolder, environment, report }, count) {
  report(`HankoCredential: ${count} registrations in one process`);
  const script = new URL("children/registrations.mjs", import.meta.url);
  const child = startChild(script, { cwd: packageFolder, environment });
  try {
    return { count, ...(await child.ask("measure", count, costsSchema)), notes: [] };
  } catch (error) {
    return { count, first: undefined, each: undefined, notes: [`registrations failed: ${error}`] };
  } finally {
    await child.end();
  }
}
