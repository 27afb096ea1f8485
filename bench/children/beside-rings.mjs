/**
 * Keys of `KeyriPublicKey` made beside key rings, by the real providers in this one process, as the stock host serves them: how long
 * each takes, and how long the event loop stands still meanwhile. The tenant is found by AUTHN_HOME.
 */
import { generateKeyPairSync } from "node:crypto";
import { monitorEventLoopDelay } from "node:perf_hooks";
import PQueue from "p-queue";
import { z } from "zod";
import { baikalClientKeysLifecycle } from "../../dist/providers/baikal/lifecycle.js";
import { adapt } from "../../dist/providers/host/adapter.js";
import { realDependencies } from "../../dist/providers/host/dependencies.js";
import { keyriPublicKeyLifecycle } from "../../dist/providers/keyri/lifecycle.js";
import { people } from "../people.mjs";
import { serve } from "../processes/child.mjs";

/** How often the loop is looked at; the histogram has that time in each of its values. */
const RESOLUTION_MS = 1;
const jobSchema = z.object({ beside: z.string(), count: z.int(), parallel: z.int() });

const host = {
  environment: process.env,
  workingDirectory: process.cwd(),
  dependencies: { ...realDependencies(), warn: () => undefined },
  enter: () => () => undefined,
  operation: { id: "beside", pid: 0 },
  ledgers: new Map(),
};
const config = { get: (/** @type {string} */ key) => (key === "authn:tenant" ? "embedded" : undefined) };
const ringProvider = adapt(baikalClientKeysLifecycle, host);
const keyProvider = adapt(keyriPublicKeyLifecycle, host);

/** @param {string} type @param {string} name */
const ownerOf = (type, name) => ({ project: "bench", stack: "bench", type, name });

/** @param {string} username */
const makeKey = (username) => keyProvider.create({ username, owner: ownerOf("KeyriPublicKey", `${username}/phone`) });

/** @param {string} algorithm @param {string} name */
const makeRing = (algorithm, name) =>
  ringProvider.create({
    algorithm,
    publish: { path: `${algorithm.toLowerCase()}-${name}.json` },
    owner: ownerOf("BaikalClientKeys", `${algorithm}-${name}`),
  });

/** What stands beside each key. @type {Readonly<Record<string, (name: string) => unknown>>} */
const besides = {
  nothing: () => undefined,
  ES256: (name) => makeRing("ES256", name),
  RS256: (name) => makeRing("RS256", name),
  /** What the measure must show: one key pair, made where everything else waits for it. */
  blocking: () => generateKeyPairSync("rsa", { modulusLength: 2_048 }),
};

serve({
  async measure(input) {
    const { beside, count, parallel } = jobSchema.parse(input);
    const make = besides[beside];
    if (make === undefined) throw new Error(`nothing is called ${beside}`);
    await Promise.all([ringProvider.configure({ config }), keyProvider.configure({ config })]);
    // Modules are loaded at the first call, connections opened: that isn't what is measured.
    await makeRing(beside === "RS256" ? "RS256" : "ES256", "first");
    await makeKey("first");

    const queue = new PQueue({ concurrency: parallel });
    const loop = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    /** @type {number[]} */
    const keyMs = [];
    const timed = async (/** @type {string} */ username) => {
      const begunMs = performance.now();
      await makeKey(username);
      keyMs.push(performance.now() - begunMs);
    };
    const begunMs = performance.now();
    loop.enable();
    await queue.addAll(people(count).flatMap((name) => [async () => void (await make(name)), () => timed(name)]));
    loop.disable();
    const pause = (/** @type {number} */ ns) => Math.max(0, ns / 1e6 - RESOLUTION_MS);
    return {
      wallSeconds: (performance.now() - begunMs) / 1_000,
      pauseP99Ms: pause(loop.percentile(99)),
      pauseMaxMs: pause(loop.max),
      keyMs,
    };
  },
});
process.once("disconnect", () => process.exit());
