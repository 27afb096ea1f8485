// The round's side of the tenant's process: started, killed, started again on the same store, and asked.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { startChild } from "../../bench/processes/child.mjs";
import { contentsOf } from "./contents.mjs";

/** @typedef {Awaited<ReturnType<typeof openTenant>>} Tenant */

/** @param {import("./project.mjs").Project} project */
export async function openTenant({ folder, home }) {
  const storeDirectory = join(folder, "tenant-store");
  await mkdir(home, { recursive: true, mode: 0o700 });
  const script = new URL("tenant-process.mjs", import.meta.url);
  /** @type {import("../../bench/processes/child.mjs").Child} */
  let child;
  const start = async () => {
    child = startChild(script, { cwd: folder, environment: process.env });
    await child.ask("start", { recordFile: join(home, "tenant.json"), storeDirectory }, z.unknown());
  };
  await start();
  const tell = (ask, input) => child.ask(ask, input, z.unknown());
  return {
    /** All that the services hold. */
    contents: () => contentsOf(storeDirectory),
    /** What its process answered since it began. @returns {Promise<readonly import("../../dist/emulator/testing.js").JournalEntry[]>} */
    journal: () => child.ask("journal", undefined, z.array(z.any())),
    clearJournal: () => tell("clearJournal"),
    /** @param {import("../../dist/emulator/testing.js").FaultSpec} fault */
    addFault: (fault) => tell("addFault", fault),
    clearFaults: () => tell("clearFaults"),
    /** @param {number} share of the answers that are 503 from now on @param {string} seed */
    flaky: (share, seed) => tell("flaky", { share, seed }),
    /** @param {number} ms */
    advanceClock: (ms) => tell("advanceClock", ms),
    async kill() {
      process.kill(child.pid, "SIGKILL");
      await child.end();
    },
    start,
    close: () => child.end(),
  };
}
