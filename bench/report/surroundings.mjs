/** What a figure is worth nothing without: the machine, the versions, the commit and the command. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { cpus, loadavg, release, totalmem, type } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";

/** @typedef {{ name: string, value: string }} Circumstance */

const versionSchema = z.object({ version: z.string() });
const run = promisify(execFile);

/** @param {{ packageFolder: string, args: readonly string[], engineVersion: string }} given @returns {Promise<Circumstance[]>} */
export async function describeSurroundings({ packageFolder, args, engineVersion }) {
  const [first] = cpus();
  const gibibytes = (totalmem() / 1024 ** 3).toFixed(1);
  return [
    { name: "Date", value: new Date().toISOString().slice(0, 16).replace("T", " ").concat(" UTC") },
    {
      name: "Machine",
      value: `${cpus().length} x ${first?.model ?? "unknown"}, ${gibibytes} GiB, ${type()} ${release()}`,
    },
    // What else the machine does is in all figures.
    { name: "Load before", value: `${loadavg()[0]?.toFixed(1)} (one minute's average; 0 where the system has none)` },
    { name: "Node.js", value: process.versions.node },
    { name: "Pulumi engine", value: engineVersion },
    { name: "@pulumi/pulumi", value: await versionOf(join(packageFolder, "node_modules", "@pulumi", "pulumi")) },
    { name: "pulumi-authn", value: `${await versionOf(packageFolder)}, commit ${await commitOf(packageFolder)}` },
    { name: "Command", value: ["npm run bench --", ...args].join(" ") },
  ];
}

/** @param {string} folder */
async function versionOf(folder) {
  return versionSchema.parse(JSON.parse(await readFile(join(folder, "package.json"), "utf8"))).version;
}

/** @param {string} folder */
async function commitOf(folder) {
  try {
    const { stdout: commit } = await run("git", ["rev-parse", "--short=12", "HEAD"], { cwd: folder });
    // What the bench writes itself is no change of what it measures.
    const written = [":!bench/RESULTS.md", ":!README.md"];
    const { stdout: changes } = await run("git", ["status", "--porcelain", "--", ".", ...written], { cwd: folder });
    return `${commit.trim()}${changes === "" ? "" : ", with changes"}`;
  } catch {
    return "unknown";
  }
}
