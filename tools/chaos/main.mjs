// `npm run chaos`: the kill and fault campaign on the real engine and the embedded tenant. Exit code 1 where anything was found.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { findEngine } from "../../dist/src/cli/engine/index.js";
import { playCampaign } from "./campaign.mjs";
import { readOptions } from "./options.mjs";
import { summaryLines } from "./report.mjs";

const options = readOptions(process.argv.slice(2));
const print = (line) => process.stdout.write(`${line}\n`);
const command = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));
const help = spawnSync(process.execPath, [command, "up", "--help"], { encoding: "utf8" }).stdout;
const engine = await findEngine({ environment: process.env, report: print });
print(`${options.resources} resources, seed ${options.seed}${options.ledger ? "" : ", without the ledger"}`);

const told = await playCampaign(options, {
  engine: engine.command.command,
  withoutLedger: !options.ledger,
  canCheckpoint: options.ledger && help.includes("--checkpoints"),
  keep: options.keep,
  report: print,
});
for (const line of summaryLines(told)) print(line);
process.exitCode = told.some(({ played }) => played.findings.length > 0) ? 1 : 0;
