/**
 * The canary: every secret of a stack has a value that stands nowhere else, and nothing that the tool writes or prints holds it
 * in plain, whatever happens. The only exceptions are the files whose purpose it is, and those are private.
 */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTenant, type Tenant } from "../../emulator/testing.js";
import { type Gateway, openGateway } from "../support/gateway.js";
import { createProject, type Project, type Ran } from "./_project.js";

const SEED = Buffer.from("seed-canary-seed-canary-seed-32b").toString("base64");
const canaries: Record<string, string> = {
  token: "keyri-token-canary-4711",
  seed: SEED,
  username: "username-canary-0815",
  displayName: "Display Name Canary",
};

let tenant: Tenant;
let door: Gateway;
let project: Project;
let said = "";
beforeAll(async () => {
  tenant = await startTenant();
  door = await openGateway(tenant.record.keyri, canaries["token"] ?? "");
  project = await createProject({
    config: { "keyri:url": `http://127.0.0.1:${door.port}` },
    // biome-ignore-start lint/suspicious/noTemplateCurlyInString: the fixtures' own placeholders
    fixtures: [
      "people:",
      "  ada: { displayName: Ada, username: '${AUTHN_FIXTURE_ADA}', keyri: [{ device: phone }] }",
      "  grace: { displayName: '${AUTHN_FIXTURE_GRACE}', keyri: [{ device: phone }] }",
      "",
    ].join("\n"),
    // biome-ignore-end lint/suspicious/noTemplateCurlyInString: the fixtures' own placeholders
    environment: {
      KEYRI_TOKEN: canaries["token"] ?? "",
      AUTHN_SEED: SEED,
      AUTHN_FIXTURE_ADA: canaries["username"] ?? "",
      AUTHN_FIXTURE_GRACE: canaries["displayName"] ?? "",
      AUTHN_DEBUG: "http",
    },
  });
});
afterAll(async () => {
  await door.close();
  await tenant.close();
  await project.remove();
});

async function run(...args: string[]): Promise<Ran> {
  const ran = await project.authn(...args);
  said += ran.said;
  return ran;
}

/** In plain, and in the encodings in which a secret usually slips through. */
function forms(secret: string): string[] {
  return [
    secret,
    Buffer.from(secret).toString("base64").replace(/=+$/, ""),
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
  ];
}

async function expectSilence(): Promise<void> {
  const files = await project.files();
  const journal = JSON.stringify(tenant.journal());
  const privateKeys = [...said.matchAll(/MIGHAgEAMBMGByqGSM49/g)];
  expect(privateKeys).toEqual([]);
  for (const [name, secret] of Object.entries(canaries)) {
    for (const form of forms(secret)) {
      expect(said.includes(form), `${name} was printed`).toBe(false);
      expect(journal.includes(form), `${name} stands in the tenant's journal`).toBe(false);
      for (const [path, text] of files) expect(text.includes(form), `${name} stands in ${path}`).toBe(false);
    }
  }
  for (const [path, text] of files)
    expect(text.includes("MIGHAgEAMBMGByqGSM49"), `a private key stands in ${path}`).toBe(false);
}

describe("no secret is printed or written in plain", () => {
  it("by preview, up, a no-op, refresh and outputs", async () => {
    for (const operation of ["preview", "up", "up", "refresh", "outputs"]) {
      const ran = await run(operation);
      expect(ran.code, ran.said).toBe(0);
    }
    expect(said).toContain("keyri");
    await expectSilence();
  });

  it("by failures: a refused token, a service that echoes what it got, a broken answer, a half-made key", async () => {
    door.echo(true);
    const echoed = await run("refresh");
    expect(echoed.code).toBe(1);
    expect(echoed.said).toContain("answered 500");
    expect((await run("destroy")).code).toBe(1);
    door.echo(false);
    project.set({ AUTHN_FIXTURE_ADA: "username-canary-0815-b" });
    tenant.addFault({
      service: "keyri",
      path: "/keyriLogin",
      status: 400,
      body: { message: `no: ${canaries["token"]}` },
    });
    expect((await run("up")).code).toBe(1);
    tenant.addFault({ service: "keyri", path: "/keyriLogin", when: "after", corrupt: "garbage", times: 0 });
    await run("up", "--fixtures", "people");
    tenant.clearFaults();
    project.set({ KEYRI_TOKEN: "another-token-canary" });
    canaries["other"] = "another-token-canary";
    expect((await run("up")).code).toBe(1);
    expect((await run("destroy")).code).toBe(1);
    await expectSilence();
  });

  it("but the person who asks for it gets the private key, and only on standard output", async () => {
    const shown = await project.authn("outputs", "--show-secrets");
    expect(shown.stdout).toContain("MIGHAgEAMBMGByqGSM49");
    expect(shown.stderr).not.toContain("MIGHAgEAMBMGByqGSM49");
  });

  it("and what must be kept is readable by its owner alone", async () => {
    const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
    expect(await mode(project.home)).toBe("700");
    expect(await mode(join(project.home, "passphrase"))).toBe("600");
  });
});
