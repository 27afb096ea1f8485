/** `npm run bench`: measures on the real engine and shows tables; the whole of it is kept. Bad figures are figures: it exits 0. */
import { rmSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findEngine } from "../dist/src/cli/engine/index.js";
import { measureAgent } from "./agent.mjs";
import { measureBesideRings } from "./beside-rings.mjs";
import { measureImages } from "./images.mjs";
import { readOptions, runsOf, skipsCheckpoints } from "./options.mjs";
import { measureRegistrations } from "./registrations.mjs";
import { withBlock } from "./report/block.mjs";
import { resultsText } from "./report/results.mjs";
import { summaryText } from "./report/summary.mjs";
import { describeSurroundings } from "./report/surroundings.mjs";
import { runSubjects } from "./subjects-run.mjs";
import { measureWaits } from "./waits.mjs";

const packageFolder = fileURLToPath(new URL("..", import.meta.url));
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
  const circumstances = await describeSurroundings({ packageFolder, args, engineVersion: engine.version });
  const { parallel, repeat: rounds, mostByHand, agent, images, registrations, besideRings } = options;
  const surroundings = { scratch, packageFolder, parallel, engineRoot: engine.root, environment, report };
  /** @type {import("./figures.mjs").Run[]} */
  const runs = [];
  for (const { resource, users } of runsOf(options)) {
    const skipCheckpoints = skipsCheckpoints(options, users);
    runs.push(await runSubjects(surroundings, { resource, users, skipCheckpoints, rounds, mostByHand }));
  }
  const results = {
    surroundings: circumstances,
    runs,
    agent: agent === undefined ? undefined : await measureAgent(surroundings, agent),
    images: images === undefined ? undefined : await measureImages(surroundings, images),
    registrations: registrations === undefined ? undefined : await measureRegistrations(surroundings, registrations),
    besideRings: besideRings === undefined ? undefined : await measureBesideRings(surroundings, besideRings),
    waits: options.wait ? await measureWaits({ ...surroundings, scratch: join(scratch, "waits") }) : [],
  };
  const text = resultsText(results);
  process.stdout.write(text);
  if (options.whole) {
    const readme = join(packageFolder, "README.md");
    const shown = withBlock(await readFile(readme, "utf8"), summaryText(results));
    await Promise.all([writeFile(readme, shown), writeFile(join(packageFolder, "bench", "RESULTS.md"), text)]);
  } else {
    report("shown only: bench/RESULTS.md and the README's table are written by --whole");
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
}
