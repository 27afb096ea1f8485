// The project of a round, in a temporary folder: what a person's own looks like, with the fixtures that are declared at the time.
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { portraitOf } from "../../bench/portraits.mjs";
import { fixturesOf, portraitsOf } from "./fixtures.mjs";

/** @typedef {Awaited<ReturnType<typeof makeProject>>} Project */

const root = fileURLToPath(new URL("../..", import.meta.url));
const PORTRAIT_BYTES = 8_000;

/** How long a run may take before it counts as one that hangs, on however busy a machine. */
const PATIENCE_MS = { least: 240_000, aResource: 3_000 };

/** @param {{ withoutLedger: boolean, resources: number, hankoApi?: import("./plan.mjs").HankoApi }} options */
export async function makeProject({ withoutLedger, resources, hankoApi = "passkey" }) {
  const folder = await mkdtemp(join(tmpdir(), "authn-chaos-"));
  const home = join(folder, ".authn");
  const settings = {
    "authn:tenant": "embedded",
    "authn:fixtures": "people",
    "hanko:api": hankoApi,
    ...(withoutLedger ? { "authn:ledger": "off" } : {}),
  };
  const config = Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, { value }]));
  // JSON is YAML.
  await writeFile(join(folder, "Pulumi.yaml"), JSON.stringify({ name: "chaos", runtime: "nodejs", config }));
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "chaos", private: true, type: "module" }));
  await mkdir(join(folder, "node_modules"));
  await symlink(root, join(folder, "node_modules", "pulumi-authn"), "junction");
  await symlink(join(root, "node_modules", "@pulumi"), join(folder, "node_modules", "@pulumi"), "junction");
  await mkdir(join(folder, "people", "faces"), { recursive: true });
  const drawn = new Set();
  return {
    folder,
    home,
    stack: "dev",
    /** Where `authn` keeps the workspace that the engine runs in. */
    workspace: join(home, "workspace", "dev"),
    stateFile: join(home, "state", ".pulumi", "stacks", "chaos", "dev.json"),
    ledger: join(home, "ledger"),
    patienceMs: PATIENCE_MS.least + resources * PATIENCE_MS.aResource,
    command: join(root, "dist", "src", "cli", "main.js"),
    /** @type {Readonly<Record<string, string>>} */
    environment: { CI: "true", AUTHN_HOME: home, PULUMI_CONFIG_PASSPHRASE: "chaos", PULUMI_SKIP_UPDATE_CHECK: "true" },
    /** Of `authn`'s own choice. */
    backend: `file://${join(home, "state")}`,
    /** @param {import("./declaration.mjs").Declaration} declaration */
    async declare(declaration) {
      for (const file of portraitsOf(declaration)) {
        if (drawn.has(file)) continue;
        drawn.add(file);
        const path = join(folder, "people", file);
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, portraitOf(basename(file), PORTRAIT_BYTES));
      }
      await writeFile(join(folder, "people", "people.yaml"), fixturesOf(declaration));
    },
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}
