/** Key rings of fixtures on the real engine: what each operation does when nothing is due, when a step is, and when one fails. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { z } from "zod";
import type { Tenant } from "../../emulator/testing.js";
import { embeddedTenant } from "./_embedded.js";
import { createProject, type Project, type Ran } from "./_project.js";

const DAY_MS = 86_400_000;

const yaml = (more = "") =>
  `clients:\n  billing:\n    baikal: { algorithm: ES256, publish: { path: billing.json }, verify: { grant: { sub: probe } }${more} }\n`;

let tenant: Tenant;
let project: Project;
beforeEach(async () => {
  project = await createProject({ config: { "authn:tenant": "embedded" }, fixtures: yaml() });
  ({ tenant } = await embeddedTenant(project.home));
});
afterEach(async () => {
  await tenant.close();
  await project.remove();
});

const key = z.object({ kid: z.string(), state: z.string() });
const ring = z.object({ billing: z.object({ baikal: z.object({ activeKid: z.string(), keys: z.array(key) }) }) });
const ringOf = ({ json }: Ran) => ring.parse(json.outputs["clients"]).billing.baikal;
const kidOf = (ran: Ran, state: string) => ringOf(ran).keys.find((one) => one.state === state)?.kid ?? "";

async function succeeds(...args: string[]): Promise<Ran> {
  const ran = await project.authn(...args);
  expect(ran.code, ran.said).toBe(0);
  return ran;
}

const document = z.object({ keys: z.array(z.object({ kid: z.string() })) });
/** Undefined: nothing is published. */
async function publishedKids(): Promise<readonly string[] | undefined> {
  const answer = await fetch(tenant.record.baikal.jwksUrl);
  return answer.status === 404 ? undefined : document.parse(await answer.json()).keys.map(({ kid }) => kid);
}
const requests = () => tenant.journal().filter(({ service }) => service === "baikal" || service === "jwks-bucket");

it("asks for nothing while nothing is due; preview names what falls due, refresh shows no change, and up does it", async () => {
  const first = await succeeds("up");
  expect(first.json.changes).toMatchObject({ create: 1 });
  const [active, standby] = [ringOf(first).activeKid, kidOf(first, "prepared")];
  expect(await publishedKids()).toEqual([active, standby]);

  tenant.clearJournal();
  expect((await succeeds("up")).json.changes).toMatchObject({ create: 0, update: 0, same: 1 });
  expect(requests()).toEqual([]);

  tenant.setClock({ advanceMs: 7 * DAY_MS });
  const preview = await succeeds("preview");
  expect(preview.json.changes).toMatchObject({ update: 1 });
  expect(preview.said).toContain(`promote ${standby.slice(0, 8)}`);
  expect(requests()).toEqual([]);
  const refresh = await succeeds("refresh");
  expect(refresh.json.changes).toMatchObject({ update: 0, same: 1 });
  expect(await publishedKids()).toEqual([active, standby]);

  const due = await succeeds("up");
  expect(due.json.changes).toMatchObject({ update: 1 });
  expect(ringOf(due).activeKid).toBe(standby);
  expect(kidOf(due, "retiring")).toBe(active);
  expect(await publishedKids()).toEqual([standby, kidOf(due, "prepared"), active]);
  expect(tenant.state().baikal.proofs).toEqual({ accepted: 2, rejected: 0 });
});

it("a revoked key leaves with one up and the standby signs; destroy leaves the document, or takes it away where that is declared", async () => {
  const first = await succeeds("up");
  const [stolen, standby] = [ringOf(first).activeKid, kidOf(first, "prepared")];
  await project.write("people/people.yaml", yaml(`, revoked: [${stolen}]`));
  const revoked = await succeeds("up");
  expect(ringOf(revoked).activeKid).toBe(standby);
  // The standby has been published for less than the lead, and whoever runs this is told what that may cost.
  expect(revoked.said).toMatch(/revoked its active key.*may refuse/);
  expect(await publishedKids()).toEqual([standby, kidOf(revoked, "prepared")]);

  const left = await succeeds("destroy");
  expect(left.said).toMatch(/its document stays at .*billing\.json; tokens signed with .* live until \d{4}-/);
  expect(await publishedKids()).toEqual([standby, kidOf(revoked, "prepared")]);

  // What stands there is the same stack's: a ring that is made anew takes it up.
  await project.write("people/people.yaml", yaml(", withdraw: true"));
  const anew = await succeeds("up");
  expect(await publishedKids()).toEqual(expect.arrayContaining([ringOf(anew).activeKid, standby]));
  expect((await succeeds("destroy")).said).toContain("its document is withdrawn");
  expect(await publishedKids()).toBeUndefined();
});

it("a publication that fails halfway is taken up by the next run, with the keys that were made", async () => {
  const put = { service: "jwks-bucket", method: "PUT" } as const;
  tenant.addFault({ ...put, status: 503, times: 0 });
  const failed = await project.authn("up");
  expect(failed.code, failed.said).toBe(1);
  expect(failed.said).toContain("step publish");
  expect(await publishedKids()).toBeUndefined();
  tenant.clearFaults();
  const resumed = await succeeds("up");
  expect(await publishedKids()).toEqual([ringOf(resumed).activeKid, kidOf(resumed, "prepared")]);

  tenant.setClock({ advanceMs: 7 * DAY_MS });
  tenant.addFault({ ...put, when: "after", reset: true, times: 0 });
  const lost = await project.authn("up");
  tenant.clearFaults();
  expect(lost.code, lost.said).toBe(1);
  const made = await publishedKids();
  expect(made).toHaveLength(3);
  const again = await succeeds("up");
  expect(ringOf(again).activeKid).toBe(kidOf(resumed, "prepared"));
  // What arrived though nobody heard of it is not made twice.
  expect([...((await publishedKids()) ?? [])].sort()).toEqual([...(made ?? [])].sort());
});

it("made anew by name it has other keys, also where the operation before was killed when it had saved and not settled its ledger", async () => {
  const ledger = join(project.home, "ledger", "fixture-project", "dev");
  const journals = new Map<string, Buffer>();
  const copying = setInterval(() => {
    if (!existsSync(ledger)) return;
    for (const name of readdirSync(ledger).filter((file) => file.endsWith(".journal")))
      journals.set(name, readFileSync(join(ledger, name)));
  }, 5);
  const first = await succeeds("up").finally(() => clearInterval(copying));
  expect(journals.size).toBe(1);
  await mkdir(ledger, { recursive: true, mode: 0o700 });
  for (const [name, content] of journals) await writeFile(join(ledger, name), content, { mode: 0o600 });
  expect((await succeeds("preview", "--replace", "clients/billing")).json.changes).toMatchObject({ replace: 1 });
  // A preview changes nothing, the ledger neither.
  expect((await succeeds("ledger", "status")).said).toContain('"confirmed":1');

  const anew = await succeeds("up", "--replace", "clients/billing");
  expect(anew.json.changes).toMatchObject({ replace: 1 });
  const kids = ringOf(first).keys.map(({ kid }) => kid);
  expect(ringOf(anew).keys.filter(({ kid, state }) => kids.includes(kid) && state !== "retiring")).toEqual([]);
  expect(kids).not.toContain(ringOf(anew).activeKid);
  expect(await publishedKids()).toContain(ringOf(anew).activeKid);
});
