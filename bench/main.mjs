/** `npm run bench`: measures on the real engine, shows tables, and writes them to bench/RESULTS.md. Bad figures are figures: it exits 0. */
import { rmSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findEngine } from "../dist/src/cli/engine/index.js";
import { runOnEngine } from "./engine-run.mjs";
import { medians } from "./figures.mjs";
import { readOptions, skipsCheckpoints } from "./options.mjs";
import { people } from "./people.mjs";
import { runPlainRequests } from "./plain-run.mjs";
import { resultsText } from "./report/results.mjs";
import { describeSurroundings } from "./report/surroundings.mjs";
import { subjectNames, subjects } from "./subjects/index.mjs";
import { startBenchTenant } from "./tenant.mjs";
import { measureWaits } from "./waits.mjs";

const projectFolder = fileURLToPath(new URL("..", import.meta.url));
const args = process.argv.slice(2);
const options = readOptions(args);
const report = (/** @type {string} */ line) => void process.stderr.write(`${line}\n`);

const engine = await findEngine({ environment: process.env, report });
const environment = { ...process.env, ...engine.environment };
const scratch = await mkdtemp(join(tmpdir(), "authn-bench-"));
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    rmSync(scratch, { recursive: true, force: true });
    process.exit(1);
  });
}
try {
  const surroundings = await describeSurroundings({ projectFolder, args, engineVersion: engine.version });
  /** @type {import("./figures.mjs").Run[]} */
  const runs = [];
  for (const users of options.users) runs.push(await measure(users));
  const waits = options.wait
    ? await measureWaits({ scratch: join(scratch, "waits"), projectFolder, environment, report })
    : [];
  const text = resultsText({ surroundings, runs, waits });
  process.stdout.write(text);
  await writeFile(new URL("RESULTS.md", import.meta.url), text);
} finally {
  await rm(scratch, { recursive: true, force: true });
}

/** @param {number} users @returns {Promise<import("./figures.mjs").Run>} */
async function measure(users) {
  const skipCheckpoints = skipsCheckpoints(options, users);
  const folder = join(scratch, `${users}`);
  await mkdir(folder, { recursive: true });
  const tenant = await startBenchTenant(join(folder, "tenant"), { cwd: projectFolder, environment });
  const rows = [];
  const notes = [];
  try {
    for (let round = 1; round <= options.repeat; round += 1) {
      const setting = {
        usernames: people(users),
        parallel: options.parallel,
        skipCheckpoints,
        projectFolder,
        engineRoot: engine.root,
        environment,
        tenant,
        report,
      };
      const parts = [await runPlainRequests({ ...setting, scratch: folder })];
      // Whoever comes first finds the caches cold: that is another one in each round.
      for (const subject of rotated(subjectNames, round)) {
        const { title, mostUsers } = subjects[subject];
        if (users > mostUsers) parts.push({ rows: [], notes: [`${title}: left out beyond ${mostUsers} people`] });
        else parts.push(await runOnEngine(subject, { ...setting, scratch: join(folder, `${subject}-${round}`) }));
      }
      rows.push(...parts.flatMap((part) => part.rows));
      notes.push(...parts.flatMap((part) => part.notes));
    }
  } finally {
    await tenant.close();
  }
  return { users, skipCheckpoints, rounds: options.repeat, rows: medians(rows), notes: [...new Set(notes)] };
}

/** @template T @param {readonly T[]} items @param {number} by @returns {T[]} */
function rotated(items, by) {
  const start = by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}
