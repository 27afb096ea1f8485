// `node tools/ci-node.mjs 22` prints the folder that holds `node` of that line, got once as an npm package without install scripts and
// kept outside the repository, so that CI can try the package on other Nodes than the machine's.
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

// Versions that exist for Linux on x64 and on arm64.
const pinned = { 22: "22.23.3", 24: "24.21.0" };

const version = pinned[process.argv[2]];
if (version === undefined) fail(`usage: node tools/ci-node.mjs ${Object.keys(pinned).join("|")}`);

const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "pulumi-authn", `node-${version}`);
const bin = join(cache, "node_modules", "node", "bin");
if (tell() !== `v${version}`) {
  mkdirSync(cache, { recursive: true });
  const from = `node@npm:node-${process.platform}-${process.arch}@${version}`;
  const quiet = ["--ignore-scripts", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"];
  const { status } = spawnSync("npm", ["install", "--prefix", cache, ...quiet, from], { stdio: ["ignore", 2, 2] });
  if (status !== 0 || tell() !== `v${version}`)
    fail(`Node ${version} can't be had for ${process.platform} ${process.arch}`);
}
process.stdout.write(`${bin}\n`);

function tell() {
  return spawnSync(join(bin, "node"), ["--version"], { encoding: "utf8" }).stdout?.trim();
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
