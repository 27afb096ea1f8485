/**
 * The repository of fixtures in `examples/gitops/`: its workflows, run step by step as they stand against the embedded tenant in the
 * place of the services that they name.
 */
import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTenant, type Tenant } from "../../emulator/testing.js";
import { createKeyriClient } from "../../providers/clients.js";
import { createProject, type Project } from "../engine/_project.js";
import { createRunner, type RunEvent, type Runner } from "./_runner.js";
import { type Job, readWorkflows } from "./_workflow.js";

const example = fileURLToPath(new URL("../../examples/gitops/", import.meta.url));
const workflows = await readWorkflows(join(example, ".github/workflows"));
const jobOf = (file: string, name: string): Job => {
  const job = workflows.get(file)?.jobs[name];
  if (job === undefined) throw new Error(`there is no job ${name} in ${file}.yml`);
  return job;
};

describe("from a pull request to the check at night", () => {
  let tenant: Tenant;
  let project: Project;
  let runner: Runner;
  const machine = mkdtemp(join(tmpdir(), "authn-runner-"));
  const people = "fixtures/people/people.yaml";

  beforeAll(async () => {
    tenant = await startTenant();
    project = await createProject({ name: "identities" });
    const isPart = (path: string) =>
      !/[\\/](node_modules|\.authn|package-lock\.json)/.test(path.slice(example.length - 1));
    await cp(example, project.folder, { recursive: true, filter: isPart });
    await mkdir(join(project.folder, "node_modules", ".bin"));
    const command = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));
    await symlink(command, join(project.folder, "node_modules", ".bin", "authn"));
    await chmod(command, 0o755);
    runner = await createRunner(project.folder, await machine);
    await moveToTenant();
    const { keyri, hanko, keyless, baikal } = tenant.record;
    Object.assign(runner.secrets, {
      PULUMI_BACKEND_URL: `file://${join(await machine, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "passphrase",
      AUTHN_SEED: tenant.identity.seed,
      KEYRI_TOKEN: keyri.token,
      HANKO_API_KEY: hanko.passkey.apiKey,
      KEYLESS_API_KEY: keyless.apiKey,
      KEYLESS_AUTHENTICATION_API_KEY: keyless.authenticationApiKey,
      BAIKAL_CLIENT_SECRET: baikal.clientSecret,
      BAIKAL_PUBLISH_TOKEN: baikal.publishToken,
    });
    runner.variables["AUTHN_LEDGER"] = join(await machine, "ledger");
    await mkdir(join(await machine, "state"));
  });
  afterAll(async () => {
    await tenant.close();
    await project.remove();
    await rm(await machine, { recursive: true, force: true });
  });

  /** The addresses of the settings, which are nobody's, become the tenant's. */
  async function moveToTenant(): Promise<void> {
    const { keyri, hanko, keyless, baikal } = tenant.record;
    const ours = {
      "https://keyri.example.com": keyri.url,
      "https://passkeys.example.com": hanko.passkey.url,
      "1f0b6b0e-7d0c-4c7e-9d55-3c5b8c0f4a11": hanko.passkey.tenantId,
      "rpId: example.com": `rpId: ${hanko.rpId}`,
      "origin: https://example.com": `origin: ${hanko.origin}`,
      "https://agent.example.com": keyless.agentUrl,
      "https://operations.example.com": keyless.operationsUrl,
      "https://authentication.example.com": keyless.authenticationUrl,
      "customer: example": `customer: ${keyless.customer}`,
      "https://auth.example.com": baikal.endpoint,
      "https://billing.example.com/": baikal.issuer,
      "https://keys.example.com": baikal.publishUrl,
    };
    for (const stack of ["main", "pr"]) {
      const text = await readFile(join(example, `Pulumi.${stack}.yaml`), "utf8");
      const moved = Object.entries(ours).reduce((given, [from, to]) => given.replaceAll(from, to), text);
      expect(moved.split("config:")[1]?.replaceAll(/- [a-z]+\.example\.com/g, "")).not.toContain("example.com");
      await project.write(`Pulumi.${stack}.yaml`, moved);
    }
  }

  async function succeeds(job: Job, event: RunEvent = {}) {
    const ran = await runner.run(job, event);
    expect(ran.code, ran.said).toBe(0);
    for (const secret of Object.values(runner.secrets).filter((one) => !one.startsWith("file:"))) {
      expect(ran.said + ran.summary).not.toContain(secret);
    }
    return ran;
  }
  const keysOf = (username: string) => createKeyriClient(tenant.record.keyri).list(username);
  /** What each service holds: keys, passkeys, faces. */
  const held = () => {
    const { keyri, hanko, keyless } = tenant.state();
    return [keyri.keys, hanko.passkeyCredentials, keyless.users];
  };

  it("a merge applies what main declares", async () => {
    const { summary } = await succeeds(jobOf("apply", "apply"));
    expect(held()).toEqual([1, 1, 1]);
    expect(await keysOf("ada-main")).toHaveLength(1);
    expect(summary).toContain("<code>ada</code> | <code>ada-main</code>");
  });

  it("a pull request gets one comment of who would come, change and go, and the next push brings it up to date", async () => {
    const before = await readFile(join(project.folder, people), "utf8");
    const after = `${before.slice(0, before.indexOf("  grace:"))}  alan: { displayName: Alan, username: "@alan|<b>", keyri: [{ device: phone }] }\n`;
    await project.write(people, after);
    const job = jobOf("preview", "preview");
    await succeeds(job, { number: 12 });
    const [comment, ...others] = (await runner.forge()).comments;
    expect(others).toEqual([]);
    expect(comment).toMatchObject({ issue: 12 });
    const body = comment?.body ?? "";
    expect(body).toContain("**1 to create, 1 to delete, 3 unchanged**");
    expect(body).toMatch(
      /Goes \(1\)[\s\S]*<code>grace<\/code> \| <code>grace-main<\/code> \| <code>hanko laptop<\/code>/,
    );
    expect(body).toMatch(/Comes \(1\)[\s\S]*<code>alan<\/code> \| <code>&#64;alan&#124;&#60;b&#62;<\/code>/);
    expect(body).toMatch(/Key rings[\s\S]*<code>billing<\/code>/);

    // The next push: the same step over the next preview's text.
    await writeFile(join(project.folder, "preview.md"), body.replace("1 to create", "2 to create"));
    const say = { ...job, steps: job.steps.slice(-1) };
    await succeeds(say, { number: 12 });
    await succeeds(say, { number: 12 });
    const { comments, calls } = await runner.forge();
    expect(comments.map(({ body: text }) => text)).toEqual([body.replace("1 to create", "2 to create")]);
    // No text is an argument, and what is as it should be isn't written again.
    expect(calls.filter((call) => call.includes("--input"))).toHaveLength(2);
    expect(calls.join()).not.toContain("alan");
    expect(held()).toEqual([1, 1, 1]);
    await project.write(people, before);
  });

  it("a fork's pull request is previewed with the embedded tenant and without a secret", async () => {
    const { summary } = await succeeds(jobOf("preview", "fork"), { number: 13 });
    expect(summary).toContain("4 to create");
    expect(JSON.stringify(jobOf("preview", "fork"))).not.toContain("secrets.");
  });

  it("a pull request's own stack stands beside main's in one tenant, and is gone when it closes", async () => {
    await succeeds(jobOf("pull-request-stack", "apply"), { number: 12 });
    expect(held()).toEqual([2, 2, 2]);
    expect(await keysOf("ada-pr-12")).toHaveLength(1);
    await rm(join(project.folder, "Pulumi.pr-12.yaml"));
    await succeeds(jobOf("pull-request-closed", "destroy"), { number: 12 });
    expect(held()).toEqual([1, 1, 1]);
    expect(await keysOf("ada-main")).toHaveLength(1);
    const stacks = await readFile(
      join(await machine, "state", ".pulumi", "stacks", "identities", "pr-12.json"),
      "utf8",
    ).catch(() => "gone");
    expect(stacks).toBe("gone");
  });

  it("drift opens one issue and changes nothing; apply by hand puts it right, and the next check closes the issue", async () => {
    const state = () =>
      readFile(
        join(
          runner.secrets["PULUMI_BACKEND_URL"]?.slice("file://".length) ?? "",
          ".pulumi",
          "stacks",
          "identities",
          "main.json",
        ),
        "utf8",
      );
    const before = await state();
    const client = createKeyriClient(tenant.record.keyri);
    const [key = ""] = await keysOf("ada-main");
    await client.remove({ pubKey: key, username: "ada-main" });
    const night = jobOf("drift", "drift");
    await succeeds(night);
    const [issue, ...others] = (await runner.forge()).issues;
    expect(others).toEqual([]);
    expect(issue).toMatchObject({ state: "open" });
    expect(issue?.body).toMatch(/1 gone[\s\S]*Gone \(1\)[\s\S]*<code>keyri phone<\/code>/);
    expect(await state()).toBe(before);
    expect(held()).toEqual([0, 1, 1]);

    // The night after, with one thing more.
    await writeFile(join(project.folder, "drift.md"), (issue?.body ?? "").replace("1 gone", "2 gone"));
    const tell = {
      ...night,
      steps: night.steps.slice(-1).map((step) => ({ ...step, env: { ...step.env, CODE: "3" } })),
    };
    await succeeds(tell);
    expect((await runner.forge()).issues).toMatchObject([{ state: "open", body: expect.stringContaining("2 gone") }]);

    await succeeds(jobOf("apply", "apply"), { byHand: true });
    expect(held()).toEqual([1, 1, 1]);
    await succeeds(night);
    expect((await runner.forge()).issues).toMatchObject([{ state: "closed", state_reason: "completed" }]);
    expect((await runner.forge()).comments.at(-1)).toMatchObject({
      issue: 1,
      body: expect.stringContaining("no drift"),
    });
  });

  it("the hourly run hands the signing key over and leaves none behind", async () => {
    const job = jobOf("rotate", "rotate");
    const { said } = await succeeds(job);
    expect(said).toContain("4 unchanged");
    expect(said).toMatch(/-rw------- .*billing\.pem/);
    await expect(readFile(join(await machine, "keys", "billing.pem"))).rejects.toThrow("ENOENT");
  });

  it("a check that looks in the wrong place is no clean one: its job fails, and no issue is opened or closed", async () => {
    const { issues } = await runner.forge();
    const { PULUMI_BACKEND_URL: backend = "" } = runner.secrets;
    runner.secrets["PULUMI_BACKEND_URL"] = `file://${join(await machine, "elsewhere")}`;
    const ran = await runner.run(jobOf("drift", "drift"));
    runner.secrets["PULUMI_BACKEND_URL"] = backend;
    expect(ran.code).not.toBe(0);
    expect(ran.said).toContain("no stack main");
    expect((await runner.forge()).issues).toEqual(issues);
  });
});
