// A CI's runner ends a job: SIGTERM to the command, and SIGKILL to all that still lives ten seconds later.
import { setTimeout as wait } from "node:timers/promises";
import { course } from "./course.mjs";

const TO_LIVE_MS = 10_000;
/** Longer than that: some requests are under way when the end comes. */
const SLOW_MS = 12_000;
const LOOK_EVERY_MS = 10;

/** @param {import("./index.mjs").Play} play */
export function terminated(play) {
  const { begin, tenant } = play.stage;
  return course(play, async ({ args }) => {
    for (const times of [3, 0]) {
      await tenant.clearJournal();
      // Requests that take effect, and whose answers come too late.
      for (const method of ["POST", "DELETE", "PATCH"])
        await tenant.addFault({ method, when: "after", delayMs: SLOW_MS, times });
      const running = begin({ args });
      const isOver = await Promise.race([running.ended.then(() => true), untilFirstWrite(tenant)]);
      if (!isOver) {
        running.signal("SIGTERM");
        const last = AbortSignal.timeout(TO_LIVE_MS);
        last.addEventListener("abort", () => running.strike(["engine", "program", "host"]));
      }
      await running.ended;
      await tenant.clearFaults();
    }
  });
}

/** The journal tells of answers: the store tells earlier. @returns {Promise<false>} */
async function untilFirstWrite(tenant) {
  const had = (await tenant.contents()).length;
  const begunMs = performance.now();
  while ((await tenant.contents()).length === had && performance.now() - begunMs < SLOW_MS) await wait(LOOK_EVERY_MS);
  return false;
}
