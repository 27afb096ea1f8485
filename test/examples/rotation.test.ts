/**
 * The rotation stack of `examples/`: its configuration, its workflow and its run book are used as they stand, against the embedded
 * tenant in the place of the authserver and bucket that they name.
 */
import { cp, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { startTenant, type Tenant } from "../../emulator/testing.js";
import { blocksOf } from "../docs/_markdown.js";
import { createProject, type Project, type Ran } from "../engine/_project.js";

const example = fileURLToPath(new URL("../../examples/rotation/", import.meta.url));

const workflowFile = z.object({
  on: z.object({ schedule: z.array(z.object({ cron: z.string() })) }),
  concurrency: z.object({ group: z.string(), "cancel-in-progress": z.literal(false) }),
  jobs: z.object({
    rotate: z.object({
      env: z.record(z.string(), z.string()),
      steps: z.array(z.looseObject({ run: z.string().optional(), "continue-on-error": z.undefined().optional() })),
    }),
  }),
});
const workflow = workflowFile.parse(parse(await readFile(join(example, ".github/workflows/rotate.yml"), "utf8")));
const runBook = await readFile(join(example, "README.md"), "utf8");

/** The arguments of each `npx authn` in lines of a shell. */
const commandsIn = (shell: string): readonly string[][] =>
  [...shell.matchAll(/^\s*npx authn (.+?)\s*$/gm)].map(([, args = ""]) => args.split(" "));

let tenant: Tenant;
let project: Project;
beforeEach(async () => {
  tenant = await startTenant();
  project = await createProject({ name: "rotation" });
  const isPart = (path: string) =>
    !/[\\/](node_modules|\.authn|package-lock\.json)/.test(path.slice(example.length - 1));
  await cp(example, project.folder, { recursive: true, filter: isPart });
  const { endpoint, clientId, clientSecret, issuer, publishUrl, publishToken } = tenant.record.baikal;
  const prod = await readFile(join(example, "Pulumi.prod.yaml"), "utf8");
  const ours = { "https://auth.example.com": endpoint, "https://keys.example.com": publishUrl };
  const replaced = Object.entries(ours).reduce((text, [from, to]) => text.replaceAll(from, to), prod);
  await project.write("Pulumi.prod.yaml", replaced.replace("https://billing.example.com/", issuer));
  expect(replaced).toContain(`clientId: ${clientId}\n`);
  const given = { PULUMI_CONFIG_PASSPHRASE: "passphrase", BAIKAL_CLIENT_SECRET: clientSecret };
  project.set({ ...given, BAIKAL_PUBLISH_TOKEN: publishToken });
  // All that the workflow takes from its store is set here, and no more; the state stays at home.
  expect(Object.keys(workflow.jobs.rotate.env).sort()).toEqual(
    [...Object.keys(given), "BAIKAL_PUBLISH_TOKEN", "PULUMI_BACKEND_URL"].sort(),
  );
});
afterEach(async () => {
  await tenant.close();
  await project.remove();
});

async function succeeds(args: readonly string[]): Promise<Ran> {
  const ran = await project.authn(...args);
  expect(ran.code, ran.said).toBe(0);
  return ran;
}
const kidsIn = async () =>
  z
    .object({ keys: z.array(z.object({ kid: z.string() })) })
    .parse(await (await fetch(tenant.record.baikal.jwksUrl)).json())
    .keys.map(({ kid }) => kid);

it("the workflow's commands make the ring, hand its key over and show where it stands; a failed one fails the job", async () => {
  const steps = workflow.jobs.rotate.steps.flatMap(({ run = "" }) => commandsIn(run));
  expect(steps.map(([command]) => command)).toEqual(["up", "keys", "rotation"]);
  for (const args of steps) await succeeds(args);
  expect(await kidsIn()).toHaveLength(2);
  const pem = join(project.folder, "keys", "billing.pem");
  expect(await readFile(pem, "utf8")).toMatch(/^-----BEGIN PRIVATE KEY-----/);
  if (process.platform !== "win32") expect((await stat(pem)).mode & 0o777).toBe(0o600);
  // What is wrong in the store is told, and ends with a code that fails the step.
  project.set({ BAIKAL_PUBLISH_TOKEN: "wrong" });
  await project.write("clients/billing.yaml", (await clients()).replace("billing.json", "elsewhere.json"));
  const [up = []] = steps;
  const failed = await project.authn(...up);
  expect(failed.code).toBe(1);
  expect(failed.said).toContain("baikal:publishToken");
});

it("the run book's commands work, and its way out of a stolen key leads out", async () => {
  const [tryIt, ...incidents] = blocksOf(runBook, "sh").map(({ text }) => commandsIn(text));
  expect(tryIt).toEqual([["up"], ["rotation"]]);
  await succeeds(["up", "--stack", "prod"]);
  const [stolen = "", standby = ""] = await kidsIn();
  const edits = blocksOf(runBook, "yaml").map(({ text }) => parse(text));
  const [revoked] = z.array(inRing).parse(edits);
  expect(revoked?.clients.billing.baikal).toHaveProperty("revoked");
  await project.write(
    "clients/billing.yaml",
    (await clients()).replace("      publish:", `      revoked: [${stolen}]\n      publish:`),
  );
  // Each once: several incidents share theirs.
  const commands = [...new Set(incidents.flat().map((args) => args.join(" ")))];
  expect(commands.length).toBeGreaterThan(3);
  for (const command of commands) await succeeds(command.split(" "));
  const kids = await kidsIn();
  expect(kids[0]).toBe(standby);
  expect(kids).not.toContain(stolen);
});

const inRing = z.object({ clients: z.object({ billing: z.object({ baikal: z.record(z.string(), z.unknown()) }) }) });
const clients = () => readFile(join(project.folder, "clients", "billing.yaml"), "utf8");
