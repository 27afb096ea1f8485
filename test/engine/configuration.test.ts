/** Refresh and destroy use today's configuration, not what the last up recorded; the guard and the plain-text rule on the engine. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startTenant, type Tenant } from "../../emulator/testing.js";
import { type Gateway, openGateway } from "../support/gateway.js";
import { createProject, type Project, peopleYaml, phone } from "./_project.js";

let tenant: Tenant;
let project: Project;
let gateways: Gateway[] = [];
beforeEach(async () => {
  tenant = await startTenant();
  project = await createProject({ fixtures: peopleYaml({ ada: phone, grace: phone }) });
});
afterEach(async () => {
  await Promise.all(gateways.map((gateway) => gateway.close()));
  gateways = [];
  await tenant.close();
  await project.remove();
});

async function gateway(token: string): Promise<Gateway> {
  const opened = await openGateway(tenant.record.keyri, token);
  gateways.push(opened);
  return opened;
}
const stackFile = (settings: Record<string, string>) =>
  project.write(
    "Pulumi.dev.yaml",
    `config:\n${Object.entries(settings)
      .map(([key, value]) => `  ${key}: ${JSON.stringify(value)}\n`)
      .join("")}`,
  );
const keys = () => tenant.state().keyri.keys;

describe("today's configuration", () => {
  it("counts in refresh and destroy: the key was rotated, the port has moved", async () => {
    const before = await gateway("first-token");
    await stackFile({ "keyri:url": `http://127.0.0.1:${before.port}`, "keyri:token": "first-token" });
    const up = await project.authn("up");
    expect(up.code, up.said).toBe(0);
    const after = await gateway("second-token");
    const asked = before.requests();
    await stackFile({ "keyri:url": `http://127.0.0.1:${after.port}`, "keyri:token": "second-token" });
    const refresh = await project.authn("refresh");
    expect(refresh.code, refresh.said).toBe(0);
    expect(refresh.json.changes).toMatchObject({ same: 2 });
    const destroy = await project.authn("destroy");
    expect(destroy.code, destroy.said).toBe(0);
    expect(keys()).toBe(0);
    expect(before.requests()).toBe(asked);
  });

  it("counts where nothing is declared any more: what is left is deleted with today's key at today's address", async () => {
    const before = await gateway("first-token");
    await stackFile({ "keyri:url": `http://127.0.0.1:${before.port}`, "keyri:token": "first-token" });
    expect((await project.authn("up")).code).toBe(0);
    const after = await gateway("second-token");
    const asked = before.requests();
    await stackFile({ "keyri:url": `http://127.0.0.1:${after.port}`, "keyri:token": "second-token" });
    await project.write("people/people.yaml", "people: {}\n");
    const up = await project.authn("up");
    expect(up.code, up.said).toBe(0);
    expect(up.json.changes).toMatchObject({ delete: 2 });
    expect(keys()).toBe(0);
    expect(before.requests()).toBe(asked);
  });

  it("counts for the host guard: a host forbidden since gets no request any more", async () => {
    const door = await gateway("token-of-the-door");
    const host = `http://0.0.0.0:${door.port}`;
    project.set({ KEYRI_TOKEN: "token-of-the-door" });
    await stackFile({ "keyri:url": host, "authn:allowedHosts": JSON.stringify([host]) });
    const up = await project.authn("up");
    expect(up.code, up.said).toBe(0);
    expect(keys()).toBe(2);
    const asked = door.requests();
    await stackFile({ "keyri:url": host });
    for (const operation of ["refresh", "destroy", "up"]) {
      const refused = await project.authn(operation);
      expect(refused.code, refused.said).not.toBe(0);
      expect(refused.said).toContain("pulumi config set --path 'authn:allowedHosts[0]'");
    }
    expect(door.requests()).toBe(asked);
    expect(keys()).toBe(2);
  });
});

describe("a secret in plain text", () => {
  it("in the stack's configuration is refused off loopback before any request, with the command that mends it", async () => {
    const door = await gateway("plain-token");
    const host = `http://0.0.0.0:${door.port}`;
    await stackFile({
      "keyri:url": host,
      "keyri:token": "plain-token",
      "authn:allowedHosts": JSON.stringify([host]),
    });
    const up = await project.authn("up");
    expect(up.code, up.said).not.toBe(0);
    expect(up.said).toContain("pulumi config set --secret keyri:token");
    expect(up.said).not.toContain("plain-token");
    expect(door.requests()).toBe(0);
  });
});

describe("a secret in plain text, the address in the environment", () => {
  it("is refused as well", async () => {
    const door = await gateway("plain-token");
    const host = `http://0.0.0.0:${door.port}`;
    await stackFile({ "keyri:token": "plain-token", "authn:allowedHosts": JSON.stringify([host]) });
    project.set({ KEYRI_URL: host });
    const up = await project.authn("up");
    expect(up.code, up.said).not.toBe(0);
    expect(up.said).toContain("pulumi config set --secret keyri:token");
    expect(door.requests()).toBe(0);
  });
});

describe("configuration that can't be used", () => {
  it("is refused with all its faults before the engine starts, exit 2", async () => {
    await stackFile({ "authn:timeoutMs": "soon", "keyri:loginFormat": "xml" });
    const up = await project.authn("up");
    expect(up.code, up.said).toBe(2);
    expect(up.said).toContain("authn:timeoutMs");
    expect(up.said).toContain("keyri:loginFormat");
    expect(up.said).toContain("keyri:url");
    expect(up.said).toContain("KEYRI_URL");
  });
});
