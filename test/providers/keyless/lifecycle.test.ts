/** What is particular to the life of a `KeylessUser`, beside the generic lifecycle test: faces, names, devices, drift. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { startTenant, type Tenant } from "../../../emulator/testing.js";
import { createKeylessClient } from "../../../providers/clients.js";
import { befalls } from "../../lifecycle/befalls.js";
import { EngineModel } from "../../support/engineModel.js";
import { type FacesFolder, facesFolder, hostedKeyless } from "../../support/faces.js";
import { blankImage, portrait } from "../../support/portraits.js";

let tenant: Tenant;
let faces: FacesFolder;
let warnings: string[] = [];
beforeAll(async () => {
  tenant = await startTenant();
});
afterAll(() => tenant.close());
beforeEach(() => {
  faces = facesFolder();
  warnings = [];
});
afterEach(() => tenant.reset());

const owner = { project: "project", stack: "stack", type: "KeylessUser", name: "ada/keyless" };
const declared = { username: "ada", image: "faces/ada.jpg", scenario: "SELFIE", owner };
const fresh = (configuration: Readonly<Record<string, string>> = {}) =>
  new EngineModel(hostedKeyless(tenant, faces.folder, configuration, (line) => warnings.push(line)));
const created = async (inputs: Readonly<Record<string, unknown>> = declared, configuration = {}) => {
  const engine = fresh(configuration);
  expect(await engine.up(inputs), engine.error).toBe("created");
  return engine;
};
const client = () => createKeylessClient(tenant.record.keyless);
const idOf = (engine: EngineModel) => z.string().parse(engine.kept?.outputs["keylessId"]);
const paths = () => tenant.journal().map(({ method, path }) => `${method} ${path}`);
const agentCalls = () => tenant.journal().filter(({ path }) => path.endsWith("-enrollment")).length;

describe("a user that was enrolled", () => {
  it("can log in by the name: the service has it under the keylessId that is the resource's id", async () => {
    const engine = await created();
    expect(engine.kept?.id).toBe(idOf(engine));
    expect(idOf(engine)).toMatch(/^[0-9A-F]+$/);
    expect(await client().authentication.user("ada")).toMatchObject({ isEnrolled: true, keylessId: idOf(engine) });
    expect(engine.kept?.outputs).toMatchObject({
      enrolled: true,
      imageSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(Date.parse(z.string().parse(engine.kept?.outputs["enrolledAt"]))).not.toBeNaN();
  });

  it("leaves neither state behind, and the picture is nowhere in the state", async () => {
    const { kept } = await created();
    expect(kept?.outputs).not.toHaveProperty("clientState");
    expect(kept?.outputs).not.toHaveProperty("serverState");
    expect(JSON.stringify(kept)).not.toContain(portrait(1).toString("base64").slice(100, 140));
  });

  it("with keepClientState has its client state, until that is given up", async () => {
    const engine = await created({ ...declared, keepClientState: true });
    expect(engine.kept?.outputs["clientState"]).toEqual(expect.any(String));
    expect(engine.kept?.outputs).not.toHaveProperty("serverState");
    expect(await engine.up(declared)).toBe("updated");
    expect(engine.kept?.outputs).not.toHaveProperty("clientState");
  });

  it("is enrolled anew where the picture changes, and the old one is gone", async () => {
    const engine = await created();
    const before = idOf(engine);
    faces.write("faces/ada.jpg", portrait(2));
    expect(await engine.up(declared)).toBe("replaced");
    expect(idOf(engine)).not.toBe(before);
    expect(tenant.state().keyless).toEqual({ users: 1, uncommitted: 0, imported: 1 });
  });

  it("stays as it is where the picture only moves", async () => {
    const engine = await created();
    faces.write("faces/lovelace.jpg", portrait(1));
    const before = tenant.journal().length;
    expect(await engine.up({ ...declared, image: "./faces/lovelace.jpg" })).toBe("updated");
    expect(tenant.journal()).toHaveLength(before);
    expect(engine.kept?.outputs["image"]).toBe("faces/lovelace.jpg");
  });

  it("is read with two requests, and with one where devices are of no interest", async () => {
    const engine = await created();
    tenant.clearJournal();
    expect(await engine.refresh()).toBe(true);
    expect(paths()).toEqual([
      "GET /v1/users/{customer}/{username}",
      expect.stringMatching(/^GET \/v2\/users\/\{\w+\}\/devices$/),
    ]);
    const modest = await (async () => {
      await engine.destroy();
      return created(declared, { "keyless:readDevices": "false" });
    })();
    tenant.clearJournal();
    expect(await modest.refresh()).toBe(true);
    expect(paths()).toEqual(["GET /v1/users/{customer}/{username}"]);
  });
});

describe("a face", () => {
  it("that the agent refuses fails with the agent's reason and the file's name, and nothing is left", async () => {
    faces.write("faces/ada.jpg", blankImage());
    const engine = fresh();
    expect(await engine.up(declared)).toBe("failed");
    expect(engine.error).toContain("Filter Triggered");
    expect(engine.error).toContain("faces/ada.jpg");
    expect(engine.kept).toBeUndefined();
    expect(tenant.state().keyless).toEqual({ users: 0, uncommitted: 0, imported: 0 });
  });

  it("that can't be sent is refused before anything is asked, together with the other faults", async () => {
    const engine = fresh();
    expect(await engine.up({ ...declared, username: "", image: "faces/nobody.jpg", scenario: "PASSPORT" })).toBe(
      "failed",
    );
    for (const property of ["username", "image", "scenario"]) expect(engine.error).toContain(property);
    expect(tenant.journal()).toEqual([]);
  });

  it("whose path is a secret is refused without naming it, in whatever form it was written", async () => {
    const engine = fresh();
    const concealed = { ...owner, concealed: ["image"] };
    for (const image of ["./faces/canary.jpg", "faces/canary.jpg", "/canary.jpg"]) {
      expect(await engine.up({ ...declared, image, owner: concealed })).toBe("failed");
      expect(engine.error).toContain("image names a picture that");
      expect(engine.error).not.toContain("canary");
    }
  });

  it.each([500, 200])("whose offline enrolment brings no answer (%s) left nothing to look for", async (status) => {
    tenant.addFault({ service: "keyless-agent", method: "POST", path: "/v1/*", when: "after", status, body: {} });
    const engine = fresh();
    expect(await engine.up(declared)).toBe("failed");
    expect(engine.error).toContain("registers nothing");
    expect(engine.error).not.toContain("may have taken effect");
  });

  it("whose path holds control characters is named by neither of its faults", async () => {
    const engine = fresh();
    expect(await engine.up({ ...declared, image: "faces/\u001b[2J\u0000.jpg" })).toBe("failed");
    expect(engine.error).toBe("image must not hold control characters (got text of 15 characters)");
  });

  it("that changed after it was checked is not sent", async () => {
    const provider = hostedKeyless(tenant, faces.folder);
    const { inputs = {} } = await provider.check({}, declared);
    faces.write("faces/ada.jpg", portrait(3));
    await expect(provider.create(inputs)).rejects.toThrow("is not the picture any more that was checked");
    expect(agentCalls()).toBe(0);
  });

  it("goes to nobody but an agent that says that it is one", async () => {
    const { operationsUrl } = tenant.record.keyless;
    const engine = fresh({ "keyless:agentUrl": operationsUrl });
    expect(await engine.up(declared)).toBe("failed");
    expect(engine.error).toContain("keyless:agentUrl");
    expect(agentCalls()).toBe(0);
  });
});

describe("a username", () => {
  it("that is somebody else's is refused before anything is enrolled", async () => {
    const other = await created();
    tenant.clearJournal();
    const engine = fresh();
    expect(await engine.up(declared)).toBe("failed");
    expect(engine.error).toContain(idOf(other));
    expect(engine.error).toContain("adopt");
    expect(agentCalls()).toBe(0);
    expect(engine.kept).toBeUndefined();
  });

  it("that is somebody else's is taken over by adopt: always, and left standing by destroy", async () => {
    const other = await created();
    const engine = fresh();
    expect(await engine.up({ ...declared, adopt: "always" }), engine.error).toBe("created");
    expect(engine.kept?.id).toBe(idOf(other));
    expect(await engine.destroy()).toBe(true);
    expect(tenant.state().keyless.imported).toBe(1);
  });

  it("that somebody took since an import was refused is never imported over, even by a service that would allow it", async () => {
    const engine = fresh();
    const importing = { service: "keyless-authentication", method: "POST", path: "/v1/users/*" } as const;
    tenant.addFault({ ...importing, status: 400 });
    expect(await engine.up(declared)).toBe("failed");
    const rival = await created({ ...declared, owner: { ...owner, name: "rival" } });
    tenant.clearJournal();
    expect(await engine.up(declared)).toBe("failed");
    expect(engine.error).toContain(idOf(rival));
    expect(engine.error).toContain("--replace ada/keyless");
    expect(paths().filter((path) => path.endsWith("import-client-state"))).toEqual([]);
    // What the error advises.
    expect(await engine.up({ ...declared, adopt: "always" }, { replace: true })).toBe("replaced");
    expect(engine.kept?.id).toBe(idOf(rival));
    expect(tenant.state().keyless).toEqual({ users: 1, uncommitted: 0, imported: 1 });
  });

  it("that somebody took between commit and import is told, and destroy removes what was committed", async () => {
    const rival = createKeylessClient(tenant.record.keyless);
    const engine = fresh();
    tenant.addFault({ service: "keyless-authentication", method: "POST", path: "/v1/users/*", status: 503 });
    expect(await engine.up(declared)).toBe("failed");
    const { keylessId, clientState, serverState } = await rival.agent.enrolOffline({
      image: portrait(9),
      mediaType: "image/jpeg",
      scenario: "SELFIE",
    });
    await rival.operations.registerUncommitted(serverState);
    await rival.operations.commit(keylessId);
    await rival.importClientState({ username: "ada", clientState });
    expect(await engine.up(declared)).toBe("failed");
    expect(engine.error).toContain(keylessId);
    expect(await engine.destroy()).toBe(true);
    expect(tenant.state().keyless).toEqual({ users: 1, uncommitted: 0, imported: 1 });
  });

  it.each([{ username: ".." }, { username: "." }, { externalUserId: ".." }, { customer: ".." }])(
    "that no address can hold is refused before anything is asked (%o)",
    async (odd) => {
      const engine = fresh();
      expect(await engine.up({ ...declared, ...odd })).toBe("failed");
      expect(engine.error).toContain(`${Object.keys(odd).join()} must not be a dot or two`);
      expect(tenant.journal()).toEqual([]);
    },
  );

  it.each(["a/b?c#d%e", "ada@example.com", "Zoë Ångström", "アダ", "..."])(
    "%s goes through all calls",
    async (username) => {
      const engine = await created({ ...declared, username });
      expect(await client().authentication.user(username)).toMatchObject({ keylessId: idOf(engine) });
      expect(await engine.destroy()).toBe(true);
      expect(tenant.state().keyless).toEqual({ users: 0, uncommitted: 0, imported: 0 });
    },
  );
});

describe("drift", () => {
  const drifted = async (engine: EngineModel, inputs = declared) => {
    expect(await engine.refresh(), engine.error).toBe(true);
    return engine.up(inputs);
  };

  it("of the name: another keylessId under it replaces ours, and is then refused by name", async () => {
    const engine = await created();
    await client().operations.deleteUser(idOf(engine));
    const other = await created();
    expect(await engine.refresh()).toBe(true);
    expect(engine.kept).toBeUndefined();
    expect(await engine.up(declared)).toBe("failed");
    expect(engine.error).toContain(idOf(other));
  });

  it("of the external id is put right in place", async () => {
    const linked = { ...declared, externalUserId: "countess" };
    const engine = await created(linked);
    await client().operations.unlinkExternalUser("countess");
    expect(await drifted(engine, linked)).toBe("updated");
    const rows = await client().operations.usersOf("countess");
    expect(rows.map(({ userId }) => userId)).toEqual([idOf(engine)]);
    expect(await drifted(engine, linked)).toBe("unchanged");
  });

  it("of the devices: a revoked one that is there again is revoked again", async () => {
    const engine = await created();
    const [first] = z.array(z.object({ publicSigningKey: z.string() })).parse(engine.kept?.outputs["devices"]);
    const revoked = { ...declared, revokedDevices: [first?.publicSigningKey ?? ""] };
    expect(await engine.up(revoked)).toBe("updated");
    expect(engine.kept?.outputs["devices"]).toEqual([]);
    expect(await client().operations.devices(idOf(engine))).toEqual([]);
    await client().authentication.exportClientState("ada");
    expect(await drifted(engine, revoked)).toBe("unchanged");
    expect(engine.kept?.outputs["devices"]).toHaveLength(1);
  });

  it("of the devices, where nobody reads them: a revocation that failed is made up for by the next up", async () => {
    const engine = await created(declared, { "keyless:readDevices": "false" });
    const devices = async () => (await client().operations.devices(idOf(engine))) ?? [];
    const revoked = { ...declared, revokedDevices: (await devices()).map(({ publicSigningKey }) => publicSigningKey) };
    tenant.addFault({ service: "keyless-operations", method: "DELETE", status: 500 });
    expect(await engine.up(revoked)).toBe("failed");
    expect(await devices()).toHaveLength(1);
    expect(await engine.up(revoked), engine.error).toBe("updated");
    expect(await devices()).toEqual([]);
  });

  it.each([{ revokedDevices: ["AAAA"] }, { externalUserId: "countess" }])(
    "is never called mended where the service doesn't know the user, which a refresh finds out (%o)",
    async (changed) => {
      const engine = await created();
      await client().operations.deleteUser(idOf(engine));
      expect(await engine.up({ ...declared, ...changed })).toBe("failed");
      expect(engine.error).toContain("doesn't know this user");
      expect(await engine.refresh()).toBe(true);
      expect(engine.kept).toBeUndefined();
    },
  );

  it("an external id that is declared no more becomes the username again", async () => {
    const engine = await created({ ...declared, externalUserId: "countess" });
    expect(await engine.up(declared)).toBe("updated");
    expect(await client().operations.usersOf("countess")).toEqual([]);
    expect(await client().operations.usersOf("ada")).toHaveLength(1);
  });
});

describe("a wrong address", () => {
  it.each([
    ["keyless:operationsUrl", "keyless:authenticationUrl"],
    ["keyless:authenticationUrl", "keyless:operationsUrl"],
  ])("never makes a user look gone (%s and %s swapped)", async (one, other) => {
    const engine = await created();
    const { operationsUrl, authenticationUrl } = tenant.record.keyless;
    const swapped = fresh({
      [one]: one.includes("operations") ? authenticationUrl : operationsUrl,
      [other]: one.includes("operations") ? operationsUrl : authenticationUrl,
    });
    swapped.kept = engine.kept;
    expect(await swapped.refresh()).toBe(false);
    expect(swapped.error).toMatch(/keyless:(authentication|operations)Url/);
    expect(await swapped.destroy()).toBe(false);
    expect(await swapped.up({ ...declared, username: "grace" })).toBe("failed");
    expect(tenant.state().keyless).toEqual({ users: 1, uncommitted: 0, imported: 1 });
  });
});

describe("a tenant whose key of client states is pinned, and which offers none", () => {
  it("enrols all the same, although it calls a new username unknown by a 404", async () => {
    const { encryptionKey } = client().authentication;
    const { keyId, publicKey } = await encryptionKey();
    const get = { service: "keyless-authentication", method: "GET", status: 404 } as const;
    tenant.addFault({ ...get, path: "/v1/users/*" });
    tenant.addFault({ ...get, path: "/v1/customers/*", times: 0 });
    const pinned = { "keyless:encryptionKeyId": keyId, "keyless:encryptionPublicKey": publicKey };
    await created(declared, pinned);
    expect(tenant.state().keyless.imported).toBe(1);
  });
});

describe("a service that isn't the user's", () => {
  it("never makes a user look enrolled no more: an address that answers 404 to all is no proof of it", async () => {
    const engine = await created();
    const { kept } = engine;
    const lost = fresh({ "keyless:authenticationUrl": `${tenant.record.keyless.authenticationUrl}/elsewhere` });
    lost.kept = kept;
    expect(await lost.refresh()).toBe(false);
    expect(lost.error).toContain("keyless:authenticationUrl");
    expect(lost.kept).toBe(kept);
  });

  it("of another region knows nobody: the user isn't gone, neither for a refresh nor for a destroy", async () => {
    const engine = await created();
    const region = await startTenant();
    const { operationsUrl, apiKey } = region.record.keyless;
    const elsewhere = fresh({ "keyless:operationsUrl": operationsUrl, "keyless:apiKey": apiKey });
    elsewhere.kept = engine.kept;
    expect(await elsewhere.refresh()).toBe(false);
    expect(elsewhere.error).toContain("keyless:operationsUrl");
    expect(await elsewhere.destroy()).toBe(false);
    expect(elsewhere.kept).toBe(engine.kept);
    await region.close();
  });
});

describe("an online enrolment that goes wrong", () => {
  const online = { ...declared, enrollment: "online" };

  it.each(befalls)("$name: strays are only what no call can find, and the person is told", async (befall) => {
    const { name: _, ...effect } = befall;
    const engine = fresh(befall.delayMs === undefined ? {} : { "authn:timeoutMs": "300" });
    tenant.addFault({ service: "keyless-agent", method: "POST", path: "/v1/online-enrollment", ...effect });
    const first = await engine.up(online);
    tenant.clearFaults();
    const strays = befall.when === "after" ? 1 : 0;
    if (strays === 1) expect(engine.error).toContain("no call can find");
    if (first === "failed") {
      expect(engine.kept).toBeUndefined();
      expect(await engine.up(online), engine.error).toBe("created");
    }
    expect(tenant.state().keyless).toEqual({ users: 1 + strays, uncommitted: 0, imported: 1 });
    expect(await engine.destroy()).toBe(true);
    expect(tenant.state().keyless).toEqual({ users: strays, uncommitted: 0, imported: 0 });
  });
});

describe("the key that client states are sealed with", () => {
  it("is fetched with a warning that shows the fingerprint and the line that pins it, once a run", async () => {
    const { encryptionKeyFingerprint } = tenant.record.keyless;
    const engine = fresh({ "keyless:encryptionKeyFingerprint": "" });
    expect(await engine.up(declared), engine.error).toBe("created");
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(encryptionKeyFingerprint);
    expect(warnings[0]).toContain("pulumi config set keyless:encryptionKeyFingerprint");
  });

  it("that isn't the pinned one stops the import, and once the pin is right the same user goes on", async () => {
    const engine = fresh({ "keyless:encryptionKeyFingerprint": "0".repeat(64) });
    expect(await engine.up(declared)).toBe("failed");
    expect(engine.error).toContain("0".repeat(64));
    const again = fresh();
    again.kept = engine.kept;
    const reached = idOf(again);
    expect(await again.up(declared), again.error).toBe("updated");
    expect(idOf(again)).toBe(reached);
    expect(warnings).toEqual([]);
  });
});
