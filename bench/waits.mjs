/** What a person waits for: `authn up` of twenty people to whom nothing has happened, from the command to its end. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { median } from "./figures.mjs";
import { fixtureFile, people } from "./people.mjs";

/** @typedef {{ tenant: "started by the command" | "running already", seconds: readonly number[], medianSeconds: number | undefined, note?: string }} Wait */
/** @typedef {{ scratch: string, packageFolder: string, environment: NodeJS.ProcessEnv, report: (line: string) => void }} Surroundings */

const PEOPLE = 20;
const TIMES = 5;
const outcomeSchema = z.object({ result: z.string(), changes: z.record(z.string(), z.number()) });

/** @param {Surroundings} surroundings @returns {Promise<Wait[]>} */
export async function measureWaits(surroundings) {
  const fixtures = join(surroundings.scratch, "fixtures");
  await mkdir(fixtures, { recursive: true });
  await writeFile(join(fixtures, "people.yaml"), fixtureFile(people(PEOPLE)));
  const authn = commandIn(surroundings, fixtures);
  return [
    await measureWait("started by the command", authn, surroundings),
    await withTenant(authn, () => measureWait("running already", authn, surroundings)),
  ];
}

/** @param {Wait["tenant"]} tenant @param {ReturnType<typeof commandIn>} authn @param {Surroundings} surroundings @returns {Promise<Wait>} */
async function measureWait(tenant, authn, { report }) {
  const seconds = [];
  for (let time = 0; time <= TIMES; time += 1) {
    report(`authn up of ${PEOPLE} people, tenant ${tenant}: ${time} of ${TIMES}`);
    const begunMs = performance.now();
    const { code, stdout, stderr } = await authn.run("up");
    const taken = (performance.now() - begunMs) / 1000;
    const note = code === 0 ? unexpected(stdout, time) : `exit ${code}: ${stderr.slice(-500).trim()}`;
    if (note !== undefined) return { tenant, seconds, medianSeconds: undefined, note };
    // The first creates, or moves to the other tenant.
    if (time > 0) seconds.push(taken);
  }
  return { tenant, seconds, medianSeconds: median(seconds) };
}

/** @param {string} stdout @param {number} time */
function unexpected(stdout, time) {
  const { result, changes } = outcomeSchema.parse(JSON.parse(stdout.trim().split("\n").at(-1) ?? ""));
  const unchanged = (changes["same"] ?? 0) >= PEOPLE && (changes["create"] ?? 0) + (changes["update"] ?? 0) === 0;
  return result === "succeeded" && (unchanged || time === 0) ? undefined : `${result}: ${JSON.stringify(changes)}`;
}

/** `authn` as `npm run up` calls it, on a backend and a tenant of its own. @param {Surroundings} surroundings @param {string} fixtures */
function commandIn({ scratch, packageFolder, environment }, fixtures) {
  const foreign = /^(AUTHN_(?!ENGINE$)|PULUMI_(?!HOME$))/;
  const own = Object.entries(environment).filter(([name]) => !foreign.test(name));
  const env = { ...Object.fromEntries(own), AUTHN_HOME: join(scratch, "home") };
  /** @param {readonly string[]} args */
  const start = (args) =>
    spawn(process.execPath, [join(packageFolder, "tools", "run.mjs"), ...args], {
      cwd: packageFolder,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
  return {
    start,
    /** @param {string} operation */
    async run(operation) {
      const running = start([operation, "--fixtures", fixtures, "--json"]);
      const [stdout, stderr] = [textOf(running.stdout), textOf(running.stderr)];
      const [code] = await once(running, "close");
      return { code, stdout: stdout(), stderr: stderr() };
    },
  };
}

/** @template T @param {ReturnType<typeof commandIn>} authn @param {() => Promise<T>} work @returns {Promise<T>} */
async function withTenant(authn, work) {
  const tenant = authn.start(["tenant", "--port", "0", "--json"]);
  const ended = once(tenant, "close");
  try {
    // It says one line, when it is ready; where it ends without, the next command starts one of its own and shows why.
    await Promise.race([once(tenant.stdout, "data"), ended]);
    return await work();
  } finally {
    tenant.kill("SIGINT");
    await ended;
  }
}

/** @param {import("node:stream").Readable} stream @returns {() => string} all that has come so far */
function textOf(stream) {
  let text = "";
  stream.setEncoding("utf8").on("data", (/** @type {string} */ chunk) => {
    text += chunk;
  });
  return () => text;
}
