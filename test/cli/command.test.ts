/** The command's own promises, kept on the real engine: what people and scripts see, and what is left behind. */
import { readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { createProject, type Project, peopleYaml, phone } from "../engine/_project.js";

let project: Project;
beforeEach(async () => {
  project = await createProject({
    config: { "authn:tenant": "embedded" },
    fixtures: peopleYaml({ ada: phone, bob: phone }),
  });
});
afterEach(() => project.remove());

const readyLine = z.object({ admin: z.object({ url: z.url(), token: z.string() }), keyri: z.looseObject({}) });

async function startTenant() {
  const tenant = project.start("tenant", "--port", "0");
  await tenant.said(/^\{.*\}\n/m);
  const record: unknown = JSON.parse(await readFile(join(project.home, "tenant.json"), "utf8"));
  const { admin } = readyLine.parse(record);
  const addFault = (fault: Readonly<Record<string, unknown>>) =>
    fetch(new URL("/faults", admin.url), {
      method: "POST",
      headers: { authorization: `Bearer ${admin.token}`, "content-type": "application/json" },
      body: JSON.stringify({ service: "keyri", ...fault }),
    });
  /** The next write takes effect at once, and its answer comes this much later. */
  const slowDown = (delayMs: number) => addFault({ method: "POST", when: "after", delayMs, times: 1 });
  const refuseOnce = () => addFault({ method: "POST", path: "/keyriRegistration", status: 400, times: 1 });
  const keys = async () => {
    const answer = await fetch(new URL("/state", admin.url), { headers: { authorization: `Bearer ${admin.token}` } });
    return z.object({ keyri: z.object({ keys: z.number() }) }).parse(await answer.json()).keyri.keys;
  };
  return { ...tenant, admin, slowDown, refuseOnce, keys };
}

async function locks(): Promise<readonly string[]> {
  const all = await readdir(join(project.home, "state", ".pulumi", "locks"), { recursive: true }).catch(() => []);
  return all.filter((name) => name.endsWith(".json"));
}

async function trackedFiles(): Promise<readonly (readonly [string, string])[]> {
  return [...(await project.files())].filter(([path]) => !path.startsWith(project.home));
}

describe("wrong use ends with 2, before anything is started", () => {
  test.each([
    [["frobnicate"], "unknown command"],
    [["up", "--parallel", "0"], "whole number"],
    [["up", "--bogus"], "unknown option"],
    [["up", "--stack", "../dev"], "stack's name"],
    [["tenant", "--port", "70000"], "port"],
  ])("%j", async (args, said) => {
    const ran = await project.authn(...args);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain(said);
    expect(ran.json).toMatchObject({ result: "failed", changes: { create: 0, same: 0 }, outputs: {} });
    expect(await readdir(project.folder)).not.toContain(".authn");
  });

  test("a folder that is in no project", async () => {
    await rm(join(project.folder, "Pulumi.yaml"));
    const ran = await project.authn("up");
    expect(ran.code, ran.said).toBe(2);
    expect(ran.stderr).toContain("Pulumi.yaml");
  });

  test("a wrong setting, named", async () => {
    await project.write("Pulumi.dev.yaml", "config:\n  authn:tenant: somewhere\n");
    const ran = await project.authn("up");
    expect(ran.code, ran.said).toBe(2);
    expect(ran.stderr).toContain("authn:tenant");
    expect(ran.json.result).toBe("failed");
  });

  test("a service that nothing configures, or one that is refused beside the embedded tenant", async () => {
    await project.write("Pulumi.yaml", "name: fixture-project\nruntime: nodejs\n");
    const nothing = await project.authn("up");
    expect(nothing.code, nothing.said).toBe(2);
    expect(nothing.stderr).toContain("no service is configured");
    await project.write("Pulumi.dev.yaml", "config:\n  authn:tenant: embedded\n  keyri:url: https://api.example.com\n");
    const refused = await project.authn("up");
    expect(refused.code, refused.said).toBe(2);
    expect(refused.stderr).toContain("authn:allowedHosts");
    expect(await readdir(project.folder)).not.toContain(".authn");
  });

  test("a name to replace that the stack doesn't hold", async () => {
    const ran = await project.authn("up", "--replace", "nobody/x");
    expect(ran.code, ran.said).toBe(2);
    expect(ran.stderr).toContain("nobody/x");
    expect(await readdir(project.folder)).not.toContain(".authn");
  });

  test("faults of the fixtures, with file and line", async () => {
    await project.write("people/people.yaml", "people:\n  ada: { display: Ada }\n");
    const ran = await project.authn("up");
    expect(ran.code, ran.said).toBe(2);
    expect(ran.stderr).toContain("people/people.yaml:2:");
  });
});

describe("a stack with the embedded tenant", () => {
  test("works at once under any name, writes nothing outside AUTHN_HOME, and is gone after destroy --remove", async () => {
    const before = await trackedFiles();
    const up = await project.authn("up", "--stack", "pr-12");
    expect(up.code, up.said).toBe(0);
    expect(up.json).toMatchObject({ result: "succeeded", changes: { create: 2, same: 0 } });
    expect(up.stdout.trim().split("\n")).toHaveLength(1);
    expect(up.stderr).toContain("2 created");
    expect(await readdir(project.home)).not.toContain("tenant.json");

    const outputs = await project.authn("outputs", "--stack", "pr-12");
    expect(outputs.json.outputs).toEqual(up.json.outputs);
    expect(outputs.said).not.toContain("MIGH");
    expect((await project.authn("outputs", "--stack", "pr-12", "--show-secrets")).said).toContain("MIGH");

    const destroy = await project.authn("destroy", "--remove", "--stack", "pr-12");
    expect(destroy.code, destroy.said).toBe(0);
    expect(destroy.json.changes.delete).toBe(2);
    await expect(project.state("pr-12")).rejects.toMatchObject({ code: "ENOENT" });
    expect((await project.authn("destroy", "--stack", "pr-12")).code).toBe(0);
    expect(await trackedFiles()).toEqual(before);
  });

  test("destroyed twice it stays empty, so that destroy --remove takes it away", async () => {
    expect((await project.authn("up")).code).toBe(0);
    expect((await project.authn("destroy")).json.changes.delete).toBe(2);
    const again = await project.authn("destroy");
    expect(again.code, again.said).toBe(0);
    expect(again.stderr).toContain("nothing to destroy");
    const removed = await project.authn("destroy", "--remove");
    expect(removed.code, removed.said).toBe(0);
    await expect(project.state()).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("of which one person was never made, is gone after destroy --remove too", async () => {
    const tenant = await startTenant();
    await tenant.refuseOnce();
    expect((await project.authn("up")).code).toBe(1);
    const removed = await project.authn("destroy", "--remove");
    expect(removed.code, removed.said).toBe(0);
    await expect(project.state()).rejects.toMatchObject({ code: "ENOENT" });
    tenant.kill("SIGINT");
    await tenant.ended;
  });

  test("two stacks at once share one tenant, and neither loses it", async () => {
    const both = await Promise.all([project.authn("up", "--stack", "a"), project.authn("up", "--stack", "b")]);
    for (const up of both) {
      expect(up.code, up.said).toBe(0);
      expect(up.json.changes.create).toBe(2);
    }
  });
});

describe("authn tenant", () => {
  test("tells scripts its addresses in one line, is used by operations, refuses a second one, and ends cleanly", async () => {
    const tenant = await startTenant();
    const recordFile = join(project.home, "tenant.json");
    expect((await stat(recordFile)).mode & 0o777).toBe(0o600);

    const second = await project.authn("tenant", "--port", "0");
    expect(second.code).toBe(1);
    expect(second.stderr).toContain(tenant.admin.url);

    const up = await project.authn("up");
    expect(up.code, up.said).toBe(0);
    expect(up.stderr).toContain(tenant.admin.url);
    expect(await tenant.keys()).toBe(2);

    tenant.kill("SIGINT");
    const ended = await tenant.ended;
    expect(ended.code).toBe(0);
    expect(readyLine.parse(JSON.parse(ended.stdout)).admin).toEqual(tenant.admin);
    expect(await readdir(project.home)).not.toContain("tenant.json");
  });
});

describe("Ctrl-C", () => {
  async function interrupted(presses: number) {
    const tenant = await startTenant();
    await tenant.slowDown(presses === 1 ? 3_000 : 60_000);
    const up = project.start("up", "--parallel", "1");
    // The first key stands in the service, and the answer is still to come: a step is under way.
    while ((await tenant.keys()) === 0) await sleep(50);
    up.kill("SIGINT");
    await up.said("once more stops at once");
    if (presses === 2) {
      // Longer than what counts as an echo of the same key press.
      await sleep(400);
      up.kill("SIGINT");
    }
    const ran = await up.ended;
    return { ran, tenant };
  }

  test("once: ends what is under way, leaves no lock, and the next up goes on", async () => {
    const { ran, tenant } = await interrupted(1);
    expect(ran.code, ran.said).toBe(1);
    expect(ran.json.result).toBe("failed");
    expect(await locks()).toEqual([]);
    const up = await project.authn("up");
    expect(up.code, up.said).toBe(0);
    expect(up.said).not.toContain("lock");
    tenant.kill("SIGINT");
    await tenant.ended;
  });

  test("twice: ends at once; the lock that this leaves is cleared by the next up, which says so", async () => {
    const { ran, tenant } = await interrupted(2);
    expect(ran.code, ran.said).toBe(1);
    expect(await locks()).toHaveLength(1);
    const up = await project.authn("up");
    expect(up.code, up.said).toBe(0);
    expect(up.said).toContain("removed the lock that a dead operation left");
    expect(await tenant.keys()).toBe(2);
    tenant.kill("SIGINT");
    await tenant.ended;
  });
});
