// What `npm run up` and its sisters call on a fresh clone: makes the package ready where it isn't, then runs `authn` with the
// arguments in this same process. `--only-prepare` stops before that. Plain Node, since nothing may be installed yet.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

// The provider text requires ES modules, which Node 20.19 and 22.12 were the first of their lines to do.
if (!process.features.require_module) {
  const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  process.stderr.write(
    `pulumi-authn needs Node ${engines.node}; this is Node ${process.versions.node}. Install one from nodejs.org or with your version manager.\n`,
  );
  process.exit(2);
}

const { prepare } = await import("./prepare.mjs");
const status = prepare(root, (line) => process.stderr.write(`${line}\n`));
if (status !== 0) process.exit(status);

const args = process.argv.slice(2);
if (args[0] !== "--only-prepare") {
  const main = join(root, "dist", "src", "cli", "main.js");
  process.argv = [process.execPath, main, ...args];
  await import(pathToFileURL(main).href);
}
