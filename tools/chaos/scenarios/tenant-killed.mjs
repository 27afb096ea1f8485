// The services die in the midst of it, and stand up again with what they had.
import { setTimeout as wait } from "node:timers/promises";
import { randomFrom } from "../random.mjs";
import { course } from "./course.mjs";

const TIMES = 2;
const LOOK_EVERY_MS = 10;

/** @param {import("./index.mjs").Play} play */
export function tenantKilled(play) {
  const { begin, tenant } = play.stage;
  const random = randomFrom(play.seed);
  return course(play, async ({ args }) => {
    for (let time = 0; time < TIMES; time += 1) {
      const running = begin({ args });
      let isOver = false;
      const ended = running.ended.finally(() => {
        isOver = true;
      });
      while (!isOver && !running.isUnderWay()) await wait(LOOK_EVERY_MS);
      await wait(random.integer(10 * play.resources));
      await tenant.kill();
      // It is back after the command has failed, or while it still tries.
      if (time === 0) await ended;
      await tenant.start();
      await ended;
    }
  });
}
