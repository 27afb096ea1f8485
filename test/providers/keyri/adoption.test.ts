/** What create does where the key stands already: the three rules of `adopt`, for given and for derived keys. */
import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startTenant, type Tenant } from "../../../emulator/testing.js";
import { createKeyriClient } from "../../../providers/clients.js";
import { keyriPublicKeyLifecycle } from "../../../providers/keyri/lifecycle.js";
import { EngineModel } from "../../support/engineModel.js";
import { hosted } from "../../support/hosting.js";

const SEED = Buffer.alloc(32, 3).toString("base64");
const owner = { project: "project", stack: "stack", type: "KeyriPublicKey", name: "ada/phone" };
const given = createPublicKey(generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey)
  .export({ format: "der", type: "spki" })
  .toString("base64");

let tenant: Tenant;
beforeAll(async () => {
  tenant = await startTenant();
});
afterAll(() => tenant.close());
afterEach(() => tenant.reset());

const engine = (seed?: string) =>
  new EngineModel(
    hosted(keyriPublicKeyLifecycle, {
      configuration: {
        "keyri:url": tenant.record.keyri.url,
        "keyri:token": tenant.record.keyri.token,
        ...(seed === undefined ? {} : { "authn:seed": seed }),
      },
    }),
  );
const keys = () => tenant.state().keyri.keys;

describe("a derived key", () => {
  it("of a lost state is taken over, the same key again and proven, since only this stack's seed yields it", async () => {
    const lost = engine(SEED);
    await lost.up({ username: "ada", owner });
    const again = engine(SEED);
    expect(await again.up({ username: "ada", owner })).toBe("created");
    expect(again.kept?.outputs).toMatchObject({ publicKey: lost.kept?.outputs["publicKey"], proven: true });
    expect(again.kept?.outputs["privateKey"]).toBe(lost.kept?.outputs["privateKey"]);
    expect(keys()).toBe(1);
    expect(await again.destroy()).toBe(true);
    expect(keys()).toBe(0);
  });

  it("under adopt: never is refused where it stands", async () => {
    await engine(SEED).up({ username: "ada", owner });
    const again = engine(SEED);
    expect(await again.up({ username: "ada", owner, adopt: "never" })).toBe("failed");
    expect(again.error).toContain("adopt: never");
    expect(again.kept).toBeUndefined();
  });

  it.each([
    ["another stack", { ...owner, stack: "pr-12" }],
    ["another project", { ...owner, project: "other" }],
    ["another name", { ...owner, name: "ada/tablet" }],
  ])("of %s is another key", async (_what, other) => {
    const [one, two] = [engine(SEED), engine(SEED)];
    await one.up({ username: "ada", owner });
    await two.up({ username: "ada", owner: other });
    expect(two.kept?.id).not.toBe(one.kept?.id);
    expect(keys()).toBe(2);
  });

  it("of a raised generation replaces the one before", async () => {
    const one = engine(SEED);
    await one.up({ username: "ada", owner });
    const leaked = one.kept?.id;
    expect(await one.up({ username: "ada", owner, generation: 1 })).not.toBe("replaced");
    expect(await one.up({ username: "ada", owner, generation: 2 })).toBe("replaced");
    expect(one.kept?.id).not.toBe(leaked);
    expect(keys()).toBe(1);
  });
});

describe("a given key that stands already", () => {
  const register = () => createKeyriClient(tenant.record.keyri).register({ pubKey: given, username: "ada" });

  it.each([undefined, "owned", "never"])("is refused under adopt: %s, with the way out", async (adopt) => {
    await register();
    const one = engine();
    expect(await one.up({ username: "ada", publicKey: given, owner, ...(adopt === undefined ? {} : { adopt }) })).toBe(
      "failed",
    );
    expect(one.error).toContain('adopt: "always"');
    expect(one.kept).toBeUndefined();
    expect(keys()).toBe(1);
  });

  it("is taken over under adopt: always, and retained when it is no longer declared", async () => {
    await register();
    const one = engine();
    expect(await one.up({ username: "ada", publicKey: given, owner, adopt: "always" })).toBe("created");
    expect(await one.destroy()).toBe(true);
    expect(keys()).toBe(1);
  });

  it("that is retained on delete is found again by a forced replacement, and by a stack that lost its state", async () => {
    const declared = { username: "ada", publicKey: given, owner, onDelete: "retain" };
    const one = engine();
    await one.up(declared);
    expect(await one.up(declared, { replace: true }), one.error).toBe("replaced");
    const lost = engine();
    expect(await lost.up(declared)).toBe("created");
    expect(keys()).toBe(1);
  });

  it("is removed when the declaration says so", async () => {
    await register();
    const one = engine();
    await one.up({ username: "ada", publicKey: given, owner, adopt: "always", onDelete: "delete" });
    expect(await one.destroy()).toBe(true);
    expect(keys()).toBe(0);
  });
});

describe("the proof", () => {
  it("asked for later is made in place, once", async () => {
    const one = engine();
    await one.up({ username: "ada", owner, prove: false });
    expect(one.kept?.outputs["proven"]).toBe(false);
    const key = one.kept?.outputs["publicKey"];
    expect(await one.up({ username: "ada", owner, prove: true })).toBe("updated");
    expect(one.kept?.outputs).toMatchObject({ proven: true, publicKey: key });
    const before = tenant.journal().length;
    expect(await one.up({ username: "ada", owner, prove: true })).toBe("unchanged");
    expect(tenant.journal()).toHaveLength(before);
  });

  it("that the service will never take can be given up: the next up completes without it", async () => {
    const one = engine();
    tenant.addFault({ service: "keyri", path: "/keyriLogin", status: 400, body: { message: "never" }, times: 0 });
    expect(await one.up({ username: "ada", owner })).toBe("failed");
    expect(await one.up({ username: "ada", owner })).toBe("failed");
    expect(await one.up({ username: "ada", owner, prove: false }), one.error).toBe("updated");
    expect(one.kept?.outputs["open"]).toBeUndefined();
    expect(one.kept?.outputs["proven"]).toBe(false);
    expect(keys()).toBe(1);
  });

  it("asked for of a given key is refused before anything is touched, with every other fault of the resource", async () => {
    const one = engine();
    const p384 = generateKeyPairSync("ec", { namedCurve: "P-384" }).publicKey;
    const publicKey = p384.export({ format: "der", type: "spki" }).toString("base64");
    expect(await one.up({ username: "ada", owner, publicKey, prove: true })).toBe("failed");
    expect(one.error).toContain("P-384");
    expect(one.error).toContain("prove");
    expect(await one.up({ username: "", owner, publicKey, prove: true, generation: 2 })).toBe("failed");
    for (const part of ["username must not be empty", "P-384", "prove can't", "generation can't"])
      expect(one.error).toContain(part);
    expect(tenant.journal()).toEqual([]);
  });
});

describe("a username", () => {
  it.each(["a", "/ ? # %", "ada&x=1", "..", "日本語", "x".repeat(255), "-", "a+b", '"', "\\"])(
    "like %j is registered, found, proven and removed as it is",
    async (username) => {
      const one = engine();
      expect(await one.up({ username, owner }), one.error).toBe("created");
      await one.refresh();
      expect(one.kept?.outputs["username"]).toBe(username);
      expect(await one.destroy()).toBe(true);
      expect(keys()).toBe(0);
    },
  );

  it.each([
    ["", "must not be empty"],
    ["x".repeat(300), "at most 255 characters (got text of 300 characters)"],
    ["a\nb", "control characters"],
    ["a\u0000", "control characters"],
    ["a\u009bm", "control characters"],
    ["\ud800", "valid Unicode"],
    [7, "must be text (got a number)"],
    [null, "must be text (got nothing)"],
  ])("%j is refused before anything is touched", async (username, reason) => {
    const one = engine();
    expect(await one.up({ username, owner })).toBe("failed");
    expect(one.error).toContain(reason);
    expect(tenant.journal()).toEqual([]);
  });
});
