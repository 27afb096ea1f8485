/** The plain requests, in a process of their own: what the same work is without Pulumi. */
import { z } from "zod";
import { startChild } from "./processes/child.mjs";
import { resources } from "./resources/index.mjs";

/** @typedef {import("./figures.mjs").Row} Row */

const usageSchema = z.object({ wallSeconds: z.number(), cpuSeconds: z.number(), peakBytes: z.number() });
/** @type {readonly import("./figures.mjs").OperationName[]} */
const asking = ["create", "refresh", "dueStep", "destroy"];

/** @param {import("./setting.mjs").Setting} setting @returns {Promise<{ rows: Row[], notes: string[] }>} */
export async function runPlainRequests({ resource, usernames, parallel, projectFolder, environment, tenant, report }) {
  const script = new URL("children/plain-requests.mjs", import.meta.url);
  const child = startChild(script, { cwd: projectFolder, environment });
  /** @type {Row[]} */
  const rows = [];
  try {
    const job = {
      resource,
      ...tenant.configuration,
      usernames,
      parallel,
      projectFolder,
      clockOffsetMs: await tenant.advanceClock(0),
    };
    await child.ask("open", job, z.unknown());
    const { dueAfterMs } = resources[resource];
    for (const operation of asking) {
      if (operation === "dueStep" && dueAfterMs === undefined) continue;
      // What is due, and what an assertion says of its times, is by the tenant's clock.
      const moved = operation === "dueStep" ? await tenant.advanceClock(dueAfterMs ?? 0) : undefined;
      report(`${resource}, plain requests: ${operation} ${usernames.length}`);
      await tenant.takeJournal();
      const { wallSeconds, cpuSeconds, peakBytes } = await child.ask(operation, moved, usageSchema);
      const asked = await tenant.takeJournal();
      const figures = { wallSeconds, ...asked, programCpuSeconds: cpuSeconds, programPeakBytes: peakBytes };
      rows.push({ name: "plain", operation, figures });
    }
    return { rows, notes: [] };
  } catch (error) {
    return { rows, notes: [`plain requests failed: ${error}`] };
  } finally {
    await child.end();
  }
}
