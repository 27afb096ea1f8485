/** The one lifecycle test that every resource passes: a row in `subjects.ts` is all that a new one adds. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startTenant, type Tenant } from "../../emulator/testing.js";
import { EngineModel } from "../support/engineModel.js";
import { befalls } from "./befalls.js";
import { subjects } from "./subjects.js";

let tenant: Tenant;
beforeAll(async () => {
  tenant = await startTenant();
});
afterAll(() => tenant.close());
afterEach(() => tenant.reset());

const writes = () => tenant.journal().filter(({ write }) => write).length;

describe.each(subjects)("$name", (subject) => {
  const fresh = (configuration?: Record<string, string>) => new EngineModel(subject.provider(tenant, configuration));
  const identityOf = ({ kept }: EngineModel) => subject.identity.map((name) => kept?.outputs[name]);

  it("is created, and destroyed without a trace", async () => {
    const engine = fresh();
    expect(await engine.up(subject.declared)).toBe("created");
    expect(subject.count(tenant)).toBe(1);
    expect(engine.kept?.outputs["open"]).toBeUndefined();
    expect(await engine.destroy()).toBe(true);
    expect(subject.count(tenant)).toBe(0);
  });

  it("declared again as it is, it causes no request at all", async () => {
    const engine = fresh();
    await engine.up(subject.declared);
    const before = tenant.journal().length;
    expect(await engine.up(subject.declared)).toBe("unchanged");
    expect(tenant.journal()).toHaveLength(before);
  });

  it("changes in place keep what stands", async () => {
    const engine = fresh();
    await engine.up(subject.declared);
    const identity = identityOf(engine);
    expect(await engine.up(subject.changed)).toBe("updated");
    expect(identityOf(engine)).toEqual(identity);
    expect(await engine.up(subject.changed)).toBe("unchanged");
    expect(subject.count(tenant)).toBe(1);
  });

  const { replaced } = subject;
  if (replaced !== undefined)
    it("changes that replace it leave one standing", async () => {
      const engine = fresh();
      await engine.up(subject.declared);
      expect(await engine.up(replaced)).toBe("replaced");
      expect(subject.count(tenant)).toBe(1);
      expect(await engine.up(replaced)).toBe("unchanged");
    });

  it("a forced replacement leaves one standing", async () => {
    const engine = fresh();
    await engine.up(subject.declared);
    expect(await engine.up(subject.declared, { replace: true })).toBe("replaced");
    expect(subject.count(tenant)).toBe(1);
  });

  it("a refresh of what stands as declared shows no change, and costs no write", async () => {
    const engine = fresh();
    await engine.up(subject.declared);
    const before = writes();
    expect(await engine.refresh()).toBe(true);
    expect(await engine.up(subject.declared)).toBe("unchanged");
    expect(writes()).toBe(before);
  });

  if (subject.isCopy === true)
    it("taken away behind its back, it is put back as it was by the next up", async () => {
      const engine = fresh();
      await engine.up(subject.declared);
      const identity = identityOf(engine);
      await subject.remove(tenant, engine.kept?.outputs ?? {});
      expect(await engine.refresh()).toBe(true);
      expect(await engine.up(subject.declared)).toBe("updated");
      expect(identityOf(engine)).toEqual(identity);
      expect(subject.count(tenant)).toBe(1);
      expect(await engine.up(subject.declared)).toBe("unchanged");
    });
  else
    it("taken away behind its back, it is seen gone and made again by the next up", async () => {
      const engine = fresh();
      await engine.up(subject.declared);
      await subject.remove(tenant, engine.kept?.outputs ?? {});
      expect(await engine.refresh()).toBe(true);
      expect(engine.kept).toBeUndefined();
      expect(await engine.up(subject.declared)).toBe("created");
      expect(subject.count(tenant)).toBe(1);
    });

  it("taken away behind its back, it is destroyed without complaint", async () => {
    const engine = fresh();
    await engine.up(subject.declared);
    await subject.remove(tenant, engine.kept?.outputs ?? {});
    expect(await engine.destroy()).toBe(true);
  });

  it("a destroy whose answer was lost is repeated without complaint", async () => {
    const engine = fresh();
    await engine.up(subject.declared);
    tenant.addFault({ ...subject.removal, when: "after", status: 500 });
    expect(await engine.destroy()).toBe(false);
    expect(await engine.destroy()).toBe(true);
    expect(subject.count(tenant)).toBe(0);
  });

  it("declared to be retained, it stays in the service", async () => {
    const engine = fresh();
    await engine.up({ ...subject.declared, ...subject.retained });
    expect(await engine.destroy()).toBe(true);
    expect(subject.count(tenant)).toBe(1);
  });

  it("a service that can't be reached leaves nothing behind, and says which address", async () => {
    const engine = fresh({ [subject.unreachable]: "http://127.0.0.1:1" });
    expect(await engine.up(subject.declared)).toBe("failed");
    expect(engine.kept).toBeUndefined();
    expect(engine.error).toContain("127.0.0.1:1");
    expect(engine.error).toContain(subject.unreachable);
  });

  describe.each([...subject.calls, ...subject.asked])("$method $path meets", (call) => {
    it.each(befalls)(
      "$name: what is reached is kept, the next up completes it, nothing stands twice",
      async (befall) => {
        const { name: _, ...effect } = befall;
        const engine = fresh(befall.delayMs === undefined ? {} : { "authn:timeoutMs": "300" });
        tenant.addFault({ ...call, ...effect });
        const first = await engine.up(subject.declared);
        const reached = engine.kept === undefined ? undefined : identityOf(engine);
        tenant.clearFaults();
        if (first === "failed") {
          expect(engine.error).toContain("ada/phone");
          const second = await engine.up(subject.declared);
          expect(["created", "updated"]).toContain(second);
        }
        if (reached !== undefined) expect(identityOf(engine)).toEqual(reached);
        expect(subject.count(tenant)).toBe(1);
        expect(engine.kept?.outputs["open"]).toBeUndefined();
        expect(await engine.up(subject.declared)).toBe("unchanged");
        expect(await engine.destroy()).toBe(true);
        expect(subject.count(tenant)).toBe(0);
      },
    );

    it.each(befalls)("$name: what is half-made is destroyed without a trace", async (befall) => {
      const { name: _, ...effect } = befall;
      const engine = fresh(befall.delayMs === undefined ? {} : { "authn:timeoutMs": "300" });
      tenant.addFault({ ...call, ...effect });
      await engine.up(subject.declared);
      tenant.clearFaults();
      expect(await engine.destroy()).toBe(true);
      expect(subject.count(tenant)).toBe(0);
    });
  });

  describe.each(subject.calls)("$method $path", (call) => {
    it("an answer lost, then a refresh, then up: it is complete, and stands once", async () => {
      const engine = fresh();
      tenant.addFault({ ...call, when: "after", reset: true });
      expect(await engine.up(subject.declared)).toBe("failed");
      const reached = identityOf(engine);
      expect(await engine.refresh()).toBe(true);
      expect(engine.kept?.outputs["open"]).toBeDefined();
      expect(await engine.up(subject.declared)).toBe("updated");
      expect(identityOf(engine)).toEqual(reached);
      expect(subject.count(tenant)).toBe(1);
    });

    it("half-made, a forced replacement leaves one standing, complete", async () => {
      const engine = fresh();
      tenant.addFault({ ...call, when: "after", reset: true });
      expect(await engine.up(subject.declared)).toBe("failed");
      expect(await engine.up(subject.declared, { replace: true })).toBe("replaced");
      expect(subject.count(tenant)).toBe(1);
      expect(engine.kept?.outputs["open"]).toBeUndefined();
    });

    it("half-made and taken away meanwhile, the next up makes it whole", async () => {
      const engine = fresh();
      tenant.addFault({ ...call, when: "after", reset: true });
      expect(await engine.up(subject.declared)).toBe("failed");
      await subject.remove(tenant, engine.kept?.outputs ?? {});
      const again = await engine.up(subject.declared);
      if (subject.comesBack) {
        expect(again, engine.error).toBe("updated");
      } else {
        expect(engine.error).toContain("--replace ada/phone");
        expect(await engine.up(subject.declared, { replace: true })).toBe("replaced");
      }
      expect(subject.count(tenant)).toBe(1);
      expect(engine.kept?.outputs["open"]).toBeUndefined();
    });
  });

  it("no error says a secret, wherever it strikes", async () => {
    const engine = fresh();
    for (const call of [...subject.asked, ...subject.calls]) {
      tenant.addFault({ ...call, when: "after", status: 500, body: { echo: [...subject.credentials(tenant)] } });
      await engine.up(subject.declared);
      const kept = subject.secrets.flatMap((name) => engine.kept?.outputs[name] ?? []);
      for (const secret of [...kept, ...subject.credentials(tenant)]) expect(engine.error).not.toContain(secret);
      tenant.clearFaults();
    }
    expect(engine.error).not.toBe("");
  });
});
