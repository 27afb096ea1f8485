// `npm run rotation:demo`: three weeks of a key ring in about a minute, on the embedded tenant's clock, with the real engine. A client
// signs and a verifier caches all along; a run is missed, one fails and a key is stolen. Ends with how many requests were rejected.
import { openParties } from "./rotation/parties.mjs";
import { openStack } from "./rotation/stack.mjs";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const DAYS = 21;
/** Minutes after midnight: thick around a rotation, steady after. */
const REQUESTS = [1, 5, 14, 16, 30, 61, 75, 90, ...Array.from({ length: 21 }, (_, hour) => (hour + 2) * 60), 1_435];
/** When a day's run comes, if not at midnight. */
const LATE = { 3: 50, 12: 240, 17: 7 };
const MISSED = 9;
const FAILING = 5;
const STOLEN = 14;

/** What happens on a day, by minutes after midnight. */
function momentsOf(day) {
  const moments = REQUESTS.map((minutes) => ({ minutes, what: "request" }));
  if (day !== MISSED) moments.push({ minutes: LATE[day] ?? 0, what: day === FAILING ? "fail" : "run" });
  if (day === FAILING) moments.push({ minutes: 60, what: "run" });
  if (day === STOLEN) moments.push({ minutes: 601, what: "steal" });
  return moments.sort((one, other) => one.minutes - other.minutes);
}

const print = (line) => process.stdout.write(`${line}\n`);
const timeText = (minutes) => `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
const brief = (kid) => `${kid.slice(0, 8)}…`;
const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => stop.abort());

const revoked = [];
const stack = await openStack(
  () => ({
    algorithm: "ES256",
    period: "1d",
    revoked,
    publish: { path: "billing.json" },
    verify: { grant: { sub: "key-rotation" } },
  }),
  stop.signal,
);
try {
  process.exitCode = await play(stack);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
} finally {
  await stack.close();
}

/** @returns the exit code */
async function play({ tenant, nowMs, up }) {
  const parties = openParties(tenant, nowMs);
  const beginningMs = nowMs();
  const begunMs = performance.now();
  let ring;
  let told = "";
  let failure;

  const moveTo = (day, minutes) => {
    const atMs = beginningMs + day * DAY_MS + minutes * MINUTE_MS;
    if (atMs > nowMs()) tenant.setClock({ now: new Date(atMs).toISOString() });
  };
  /** @returns what happened, in a few words */
  const run = async () => {
    const outcome = await up();
    if ("failed" in outcome) {
      failure = outcome.failed;
      return "the run fails, the client signs on as before";
    }
    const news = outcome.history.filter(({ at }) => at > told);
    told = outcome.history.at(-1)?.at ?? told;
    ring = outcome;
    parties.deploy(outcome);
    return inWords(news);
  };

  print(
    `A ring of ES256 keys with a period of one day, for ${DAYS} days; verifiers cache for 15 minutes, tokens live for 1 hour.`,
  );
  print(
    `${"day".padEnd(12)}${"active key".padEnd(11)}${"requests".padStart(8)}${"rejected".padStart(10)}  what happened`,
  );
  for (let day = 0; day < DAYS; day += 1) {
    const happened = [];
    const acts = {
      request: () => parties.request(),
      run: async () => happened.push(await run()),
      fail: async () => {
        tenant.addFault({ service: "jwks-bucket", method: "PUT", status: 503, times: 0 });
        happened.push(`the bucket is down: ${await run()}`);
        tenant.clearFaults();
      },
      steal: async () => {
        revoked.push(ring.kid);
        parties.forget(ring.kid);
        happened.push(`${brief(ring.kid)} is stolen: ${await run()}`);
      },
    };
    for (const { minutes, what } of momentsOf(day)) {
      moveTo(day, minutes);
      await acts[what]();
      if (stop.signal.aborted) return stopped();
      if (ring === undefined) throw new Error(`The first run failed: ${failure}`);
      if (what !== "request" && minutes > 0) happened.push(`${happened.pop()} (${timeText(minutes)})`);
    }
    const { requests } = parties.counts;
    const date = new Date(beginningMs + day * DAY_MS).toISOString().slice(0, 10);
    print(
      `${date.padEnd(12)}${brief(ring.kid).padEnd(11)}${String(requests).padStart(8)}${String(rejected()).padStart(10)}  ${happened.join("; ") || "no run came, the active key signs on"}`,
    );
  }
  const seconds = Math.round((performance.now() - begunMs) / 1_000);
  print(`${DAYS} days in ${seconds} s: ${parties.counts.requests} requests, ${rejected()} rejected`);
  return rejected() === 0 ? 0 : 1;

  function stopped() {
    print("stopped");
    return 130;
  }

  /** By whoever counts more: the tenant, or those who were refused. */
  function rejected() {
    return Math.max(tenant.state().baikal.assertions.rejected, parties.counts.rejected);
  }
}

/** `promoted 4fTq…, removed 9xQ…`: keys that only moved into sight are not told. */
function inWords(history) {
  const told = new Set(["created", "promoted", "promoted at once", "revoked", "removed", "kept"]);
  const words = history.filter(({ event }) => told.has(event)).map(({ event, kid }) => `${event} ${brief(kid)}`);
  return words.length === 0 ? "nothing was due" : words.join(", ");
}
