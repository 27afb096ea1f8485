// Answers that don't come: lost after the service did what it was asked, and three of ten that say 503.
import { course } from "./course.mjs";

const SHARE = 0.3;
/** A command under faults may fail, and is then run again: the last time without them. */
const TIMES = 2;

/** Of each call that changes something, one answer is lost on its way in each run. */
const LOST = [
  ["keyri", "POST", "/keyriRegistration"],
  ["keyri", "POST", "/keyriLogin"],
  ["keyri", "DELETE", undefined],
  ["keyless-agent", "POST", undefined],
  ["keyless-operations", "POST", undefined],
  ["keyless-operations", "PUT", undefined],
  ["keyless-operations", "DELETE", undefined],
  ["keyless-authentication", "POST", undefined],
  ["keyless-authentication", "PUT", undefined],
  ["hanko-passkey", "POST", "/*/registration/initialize"],
  ["hanko-passkey", "POST", "/*/registration/finalize"],
  ["hanko-passkey", "POST", "/*/login/initialize"],
  ["hanko-passkey", "POST", "/*/login/finalize"],
  ["hanko-passkey", "PATCH", undefined],
  ["hanko-passkey", "DELETE", undefined],
  ["jwks-bucket", "PUT", undefined],
  ["jwks-bucket", "DELETE", undefined],
  ["baikal", "POST", "/token"],
].map(([service, method, path]) => ({
  service,
  method,
  ...(path === undefined ? {} : { path }),
  when: "after",
  reset: true,
}));

/** @param {import("./index.mjs").Play} play */
export function answersLost(play) {
  const { tenant, authn } = play.stage;
  const { times = TIMES } = play;
  return course(play, async ({ args }) => {
    for (let time = 0; time < times; time += 1) {
      for (const fault of LOST) await tenant.addFault(fault);
      await authn({ args });
      await tenant.clearFaults();
    }
  });
}

/** @param {import("./index.mjs").Play} play */
export function flaky(play) {
  const { tenant, authn, report } = play.stage;
  const { times = TIMES } = play;
  return course(play, async ({ operation, args }) => {
    await tenant.clearJournal();
    await tenant.flaky(SHARE, `${play.seed}:${operation}`);
    for (let time = 0; time < times; time += 1) await authn({ args });
    await tenant.clearFaults();
    const answers = await tenant.journal();
    const failed = answers.filter(({ status }) => status === 503).length;
    report(`  ${operation}: ${failed} of ${answers.length} answers were 503`);
  });
}
