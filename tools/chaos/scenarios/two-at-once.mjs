// Two of the same at once: one of them is refused, or waits, and nothing is made twice.
import { course } from "./course.mjs";

/** @param {import("./index.mjs").Play} play */
export function twoAtOnce(play) {
  const { begin, found } = play.stage;
  return course(play, async ({ operation, args }) => {
    const ended = await Promise.all([begin({ args }).ended, begin({ args }).ended]);
    if (ended.every(({ code }) => code !== 0))
      found([{ kind: "failed run", what: `${operation}: neither of two came through` }]);
  });
}
