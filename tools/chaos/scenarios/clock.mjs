// The services' clock jumps, which is the rings' clock too: forth, back, and forth by more than a period.
import { course } from "./course.mjs";

const HOUR_MS = 3_600_000;
const JUMPS_MS = [2 * HOUR_MS, -HOUR_MS, 8 * 24 * HOUR_MS];
const WHILE_IT_RUNS_MS = 10 * 60_000;

/** @param {import("./index.mjs").Play} play */
export function clockJumps(play) {
  const { tenant, authn } = play.stage;
  return course(play, async ({ args }) => {
    for (const jumpMs of JUMPS_MS) {
      await tenant.advanceClock(jumpMs);
      const running = authn({ args });
      await tenant.advanceClock(-WHILE_IT_RUNS_MS);
      await running;
    }
    // By a clock that was set back, rings wait: it is put right before the end.
    await tenant.advanceClock(HOUR_MS + JUMPS_MS.length * WHILE_IT_RUNS_MS);
  });
}
