/** What is particular to the life of a `HankoCredential`, beside the generic lifecycle test: names, users, lists, relying parties. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { startTenant, type Tenant } from "../../../emulator/testing.js";
import { createHankoClient } from "../../../providers/clients.js";
import { EngineModel } from "../../support/engineModel.js";
import { type Generation, hostedHanko } from "../../support/passkeys.js";

const SEED = Buffer.alloc(32, 5).toString("base64");
let tenant: Tenant;
beforeAll(async () => {
  tenant = await startTenant();
});
afterAll(() => tenant.close());
afterEach(() => tenant.reset());

const owner = { project: "project", stack: "stack", type: "HankoCredential", name: "ada/passkey-1" };
const declared = { userId: "user-of-ada", username: "ada", displayName: "Ada Lovelace", name: "laptop", owner };
const services = { passkey: "hanko-passkey", authentication: "hanko-authentication" } as const;
const counts = { passkey: "passkeyCredentials", authentication: "authenticationCredentials" } as const;
const idOf = (engine: EngineModel) => z.string().parse(engine.kept?.outputs["credentialId"]);

describe.each(["passkey", "authentication"] as const)("on the %s API", (api: Generation) => {
  const fresh = (configuration: Readonly<Record<string, string>> = {}) =>
    new EngineModel(hostedHanko(tenant, api, configuration));
  const created = async (inputs: Readonly<Record<string, unknown>> = declared, configuration = {}) => {
    const engine = fresh(configuration);
    expect(await engine.up(inputs), engine.error).toBe("created");
    return engine;
  };
  const client = () => {
    const { rpId, origin, passkey, authentication } = tenant.record.hanko;
    return api === "passkey"
      ? createHankoClient({ api, rpId, origin, ...passkey })
      : createHankoClient({ api, rpId, origin, ...authentication });
  };
  const count = () => tenant.state().hanko[counts[api]];
  const requests = (method?: string) =>
    tenant.journal().filter((entry) => entry.service === services[api] && (method ?? entry.method) === entry.method);

  it("is registered, named and proven by a login, and says when it was made", async () => {
    const { kept } = await created();
    expect(kept?.id).toBe(kept?.outputs["credentialId"]);
    expect(kept?.outputs).toMatchObject({ name: "laptop", proven: true, rpId: "localhost" });
    expect(Date.parse(z.string().parse(kept?.outputs["createdAt"]))).not.toBeNaN();
    expect(requests("POST").filter(({ path, status }) => path.endsWith("/finalize") && status === 200)).toHaveLength(2);
  });

  it("is the same one again after a lost state, where there is a seed", async () => {
    const first = await created(declared, { "authn:seed": SEED });
    const second = await created(declared, { "authn:seed": SEED });
    expect(idOf(second)).toBe(idOf(first));
    expect(second.kept?.outputs["privateKey"]).toBe(first.kept?.outputs["privateKey"]);
    expect(count()).toBe(1);
  });

  it("is replaced by a raised generation, and another user can't have its id", async () => {
    const engine = await created(declared, { "authn:seed": SEED });
    const before = idOf(engine);
    const other = fresh({ "authn:seed": SEED });
    expect(await other.up({ ...declared, userId: "somebody-else" })).toBe("failed");
    expect(other.error).toContain("registered already, for another user");
    // It may be a secret, and one that is declared no more.
    expect(other.error).not.toContain("user-of-ada");
    expect(await engine.up({ ...declared, generation: 2 })).toBe("replaced");
    expect(idOf(engine)).not.toBe(before);
    expect(count()).toBe(1);
  });

  it("that was retained keeps its id and key to itself: another algorithm makes another credential", async () => {
    const retained = { ...declared, onDelete: "retain" };
    const engine = await created(retained, { "authn:seed": SEED });
    const before = idOf(engine);
    expect(await engine.up({ ...retained, algorithm: "EdDSA" }), engine.error).toBe("replaced");
    expect(engine.kept?.outputs).toMatchObject({ proven: true });
    expect(idOf(engine)).not.toBe(before);
    expect(count()).toBe(2);
  });

  it("isn't taken over as another authenticator's than it was registered by, unless anything may be", async () => {
    await created({ ...declared, aaguid: "ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4" }, { "authn:seed": SEED });
    const other = fresh({ "authn:seed": SEED });
    expect(await other.up(declared)).toBe("failed");
    expect(other.error).toContain("another `aaguid`");
    expect(other.kept).toBeUndefined();
    expect(await other.up({ ...declared, adopt: "always" }), other.error).toBe("created");
    expect(count()).toBe(1);
  });

  it("a name that was changed in the service is drift, and put back in place", async () => {
    const engine = await created();
    await client().api.rename(idOf(engine), "stolen");
    expect(await engine.refresh()).toBe(true);
    expect(await engine.up(declared)).toBe("updated");
    expect((await client().api.credential(idOf(engine)))?.name).toBe("laptop");
  });

  it("without a declared name the service's own is none of ours", async () => {
    const { name: _, ...nameless } = declared;
    const engine = await created(nameless);
    await client().api.rename(idOf(engine), "whatever");
    expect(await engine.refresh()).toBe(true);
    expect(await engine.up(nameless)).toBe("unchanged");
    expect(engine.kept?.outputs["name"]).toBe("whatever");
  });

  it("is given a name in place, and keeps the one it has where none is declared any more", async () => {
    const { name: _, ...nameless } = declared;
    const engine = await created(nameless);
    const before = idOf(engine);
    expect(await engine.up(declared)).toBe("updated");
    expect((await client().api.credential(before))?.name).toBe("laptop");
    tenant.clearJournal();
    expect(await engine.up(nameless)).toBe("updated");
    expect(requests()).toEqual([]);
    expect(engine.kept?.outputs["name"]).toBe("laptop");
    expect(await engine.up(nameless)).toBe("unchanged");
    expect(idOf(engine)).toBe(before);
  });

  it("a 500 at finalize that registered it all the same is found by reading, in the same run", async () => {
    tenant.addFault({ service: services[api], path: "/*/registration/finalize", when: "after", status: 500 });
    await created();
    expect(count()).toBe(1);
  });

  it("is refused for a relying party that isn't the tenant's, before it is registered", async () => {
    const engine = fresh();
    expect(await engine.up({ ...declared, rpId: "example.com", origin: "https://example.com" })).toBe("failed");
    expect(engine.error).toContain("example.com");
    expect(engine.error).toContain("localhost");
    expect(count()).toBe(0);
  });

  it("is neither lost nor left behind where the configuration turns to the other API", async () => {
    const engine = await created();
    const elsewhere = new EngineModel(hostedHanko(tenant, api === "passkey" ? "authentication" : "passkey"));
    elsewhere.kept = engine.kept;
    expect(await elsewhere.refresh()).toBe(false);
    expect(elsewhere.error).toContain(`Set hanko:api back to ${api}`);
    expect(await elsewhere.up({ ...declared, name: "work laptop" })).toBe("failed");
    expect(await elsewhere.destroy()).toBe(false);
    expect(elsewhere.kept).toBeDefined();
    expect(await engine.destroy(), engine.error).toBe(true);
    expect(count()).toBe(0);
  });

  it("is handed out and proven at the origin that is configured now, not at the one of its registration", async () => {
    const engine = await created({ ...declared, prove: false });
    const { kept } = engine;
    // As if the tenant had stood at another port then.
    const moved = fresh();
    moved.kept = kept && { ...kept, outputs: { ...kept.outputs, origin: "http://localhost:1" } };
    expect(await moved.refresh()).toBe(true);
    expect(moved.kept?.outputs["origin"]).toBe(tenant.record.hanko.origin);
    moved.kept = kept && { ...kept, outputs: { ...kept.outputs, origin: "http://localhost:1" } };
    expect(await moved.up(declared), moved.error).toBe("updated");
    expect(moved.kept?.outputs).toMatchObject({ proven: true, origin: tenant.record.hanko.origin });
  });

  it("counts on from a counter that is ahead of the clock", async () => {
    const { kept } = await created({ ...declared, signCount: 2 ** 31 - 1 });
    expect(kept?.outputs["signCount"]).toBe(2 ** 31 - 1);
  });

  it("fifty of one user and two hundred users at once are all registered", async () => {
    const inputs = [
      ...Array.from({ length: 50 }, (_, index) => ({ ...declared, name: `key ${index}` })),
      ...Array.from({ length: 200 }, (_, index) => ({ ...declared, userId: `user-${index}`, username: `u${index}` })),
    ];
    const provider = hostedHanko(tenant, api, { "authn:timeoutMs": "60000" });
    const outcomes = await Promise.all(inputs.map((one) => new EngineModel(provider).up({ ...one, prove: false })));
    expect(new Set(outcomes)).toEqual(new Set(["created"]));
    expect(count()).toBe(250);
  }, 60_000);

  it("a refresh of three hundred costs about as many requests as there are pages", async () => {
    const provider = hostedHanko(tenant, api, { "authn:timeoutMs": "60000" });
    const engines = Array.from({ length: 300 }, () => new EngineModel(provider));
    await Promise.all(
      engines.map((engine, index) =>
        engine.up({ ...declared, userId: `u-${index}`, username: `u${index}`, prove: false }),
      ),
    );
    tenant.clearJournal();
    expect(await Promise.all(engines.map((engine) => engine.refresh()))).not.toContain(false);
    expect(requests().length).toBeLessThanOrEqual(6);
    expect(engines.every(({ kept }) => kept !== undefined)).toBe(true);
  }, 60_000);

  it.each(["ES256", "EdDSA", "RS256", "ES384", "ES512", "RS384", "RS512", "PS256"])(
    "%s registers and logs in, with attestation none and packed",
    async (algorithm) => {
      await created({ ...declared, algorithm });
      await created({ ...declared, algorithm, attestation: "packed" });
      expect(count()).toBe(2);
    },
  );
});

describe("a login that the service takes for another user's", () => {
  it("proves nothing", async () => {
    const engine = new EngineModel(hostedHanko(tenant, "authentication"));
    const body = { credential: { id: "AAAA", user: { id: "eve" } } };
    const service = services.authentication;
    tenant.addFault({ service, path: "/*/authentication/finalize", when: "before", status: 200, body });
    expect(await engine.up(declared)).toBe("failed");
    expect(engine.error).toContain("step prove");
    expect(engine.kept?.outputs).toMatchObject({ proven: false });
    expect(await engine.up(declared), engine.error).toBe("updated");
  });
});

describe("a user id of sixteen bytes", () => {
  it("is refused on the Passkey API, where nobody could log in with it, and taken on the other", async () => {
    const inputs = { ...declared, userId: "sixteen-bytes-id" };
    const passkey = new EngineModel(hostedHanko(tenant, "passkey"));
    expect(await passkey.up(inputs)).toBe("failed");
    expect(passkey.error).toContain("userId");
    expect(passkey.error).toContain("16 bytes");
    const authentication = new EngineModel(hostedHanko(tenant, "authentication"));
    expect(await authentication.up(inputs), authentication.error).toBe("created");
  });
});
