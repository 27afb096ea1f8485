/**
 * What every resource must survive: its process is killed at any point, and the engine's record of the operation is lost with it. Nothing
 * is orphaned, nothing is made twice, no key is lost. A row in `subjects.ts` is all that a new one adds.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startTenant, type Tenant } from "../../emulator/testing.js";
import { EngineModel, type Kept } from "../support/engineModel.js";
import { type Death, dying } from "../support/hosting.js";
import { subjects } from "./subjects.js";

const SEED = Buffer.alloc(32, 7).toString("base64");
let tenant: Tenant;
let folder: string;
beforeAll(async () => {
  tenant = await startTenant();
});
afterAll(() => tenant.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "authn-ledger-"));
});
afterEach(async () => {
  await tenant.reset();
  rmSync(folder, { recursive: true, force: true });
});

const moments = ["before", "after"] as const;
const points = (what: Death["in"], count: number) =>
  Array.from({ length: count }, (_, index) => moments.map((moment) => ({ in: what, index, moment }))).flat();

describe.each(subjects)("$name", (subject) => {
  // Nothing here is late: a loaded machine must not make it so.
  const configuration = () => ({ "authn:seed": SEED, "authn:ledger": folder, "authn:timeoutMs": "60000" });
  /** An engine that knows what a saved state holds, with a new provider process. */
  const engine = (kept?: Kept) => {
    const model = new EngineModel(subject.provider(tenant, configuration()));
    model.kept = kept;
    return model;
  };
  /** Runs until the process dies, or to the end; either way the state is what it was before. */
  const killed = async (
    at: Omit<Death, "died">,
    kept: Kept | undefined,
    work: (model: EngineModel) => Promise<unknown>,
  ): Promise<void> => {
    let die = () => {};
    const death = new Promise<void>((resolve) => {
      die = resolve;
    });
    const model = dying({ ...at, died: die }, () => new EngineModel(subject.provider(tenant, configuration())));
    model.kept = kept;
    await Promise.race([work(model), death]);
  };
  const identityOf = ({ kept }: EngineModel) => subject.identity.map((name) => kept?.outputs[name]);
  const standsOnce = async (model: EngineModel, declared = subject.declared) => {
    expect(model.kept?.outputs["open"]).toBeUndefined();
    expect(subject.count(tenant)).toBe(1);
    const next = engine(model.kept);
    expect(await next.up(declared)).toBe("unchanged");
    expect(await next.destroy()).toBe(true);
    expect(subject.count(tenant)).toBe(0);
  };

  it.each(points("step", subject.steps))(
    "killed $moment step $index of its making: the next up takes it over",
    async (at) => {
      await killed(at, undefined, (model) => model.up(subject.declared));
      const next = engine();
      expect(await next.up(subject.declared), next.error).toBe("created");
      await standsOnce(next);
    },
  );

  it("made whole and forgotten by the engine, it is taken over as it is, without a write", async () => {
    const first = engine();
    await first.up(subject.declared);
    const before = tenant.journal().filter(({ write }) => write).length;
    const next = engine();
    expect(await next.up(subject.declared), next.error).toBe("created");
    expect(identityOf(next)).toEqual(identityOf(first));
    if (subject.isCopy !== true) expect(tenant.journal().filter(({ write }) => write)).toHaveLength(before);
    await standsOnce(next);
  });

  it("made whole, forgotten and taken away meanwhile, it is made again", async () => {
    const first = engine();
    await first.up(subject.declared);
    await subject.remove(tenant, first.kept?.outputs ?? {});
    const next = engine();
    expect(await next.up(subject.declared), next.error).toBe("created");
    await standsOnce(next);
  });

  it.each(points("step", 2))("killed $moment step $index, and again while it is taken over", async (at) => {
    await killed(at, undefined, (model) => model.up(subject.declared));
    await killed(at, undefined, (model) => model.up(subject.declared));
    const next = engine();
    expect(await next.up(subject.declared), next.error).toBe("created");
    await standsOnce(next);
  });

  it.each(points("change", 2))("killed $moment change $index, and declared back: it is as declared", async (at) => {
    const first = engine();
    await first.up(subject.declared);
    const saved = first.kept;
    await killed(at, saved, (model) => model.up(subject.changed));
    const next = engine(saved);
    expect(["unchanged", "updated"], next.error).toContain(await next.up(subject.declared));
    expect(identityOf(next)).toEqual(identityOf(first));
    const last = engine(next.kept);
    expect(await last.refresh()).toBe(true);
    expect(await last.up(subject.declared)).toBe("unchanged");
    await standsOnce(last);
  });

  it.each(points("change", 2))("killed $moment change $index: the next up completes it", async (at) => {
    const first = engine();
    await first.up(subject.declared);
    const saved = first.kept;
    await killed(at, saved, (model) => model.up(subject.changed));
    const next = engine(saved);
    expect(await next.up(subject.changed), next.error).toBe("updated");
    expect(identityOf(next)).toEqual(identityOf(first));
    await standsOnce(next, subject.changed);
  });

  it.each(points("change", 1))("killed $moment a change, then refreshed: the next up completes it", async (at) => {
    const first = engine();
    await first.up(subject.declared);
    const saved = first.kept;
    await killed(at, saved, (model) => model.up(subject.changed));
    const next = engine(saved);
    expect(await next.refresh(), next.error).toBe(true);
    expect(["unchanged", "updated"]).toContain(await next.up(subject.changed));
    await standsOnce(next, subject.changed);
  });

  it.each(points("delete", 1))("killed $moment its removal, and kept after all: it stands once", async (at) => {
    const first = engine();
    await first.up(subject.declared);
    const saved = first.kept;
    await killed(at, saved, (model) => model.destroy());
    const next = engine(saved);
    expect(await next.up(subject.declared), next.error).toBe("replaced");
    await standsOnce(next);
  });

  it.each(points("delete", 1))("killed $moment its removal: the next destroy ends it", async (at) => {
    const first = engine();
    await first.up(subject.declared);
    const saved = first.kept;
    await killed(at, saved, (model) => model.destroy());
    const next = engine(saved);
    expect(await next.destroy(), next.error).toBe(true);
    expect(subject.count(tenant)).toBe(0);
  });

  const { replaced } = subject;
  if (replaced !== undefined) {
    it.each(points("step", 2))(
      "killed $moment step $index of its replacement: the next up completes it",
      async (at) => {
        const first = engine();
        await first.up(subject.declared);
        const saved = first.kept;
        await killed(at, saved, (model) => model.up(replaced));
        const next = engine(saved);
        expect(await next.up(replaced), next.error).toBe("replaced");
        await standsOnce(next, replaced);
      },
    );

    it.each(points("step", 1))(
      "killed $moment its replacement's beginning, and declared back: it stands once",
      async (at) => {
        const first = engine();
        await first.up(subject.declared);
        const saved = first.kept;
        await killed(at, saved, (model) => model.up(replaced));
        const next = engine(saved);
        expect(await next.up(subject.declared), next.error).toBe("replaced");
        await standsOnce(next);
      },
    );

    it("declared otherwise before the next up: what was left goes first", async () => {
      await killed({ in: "step", index: 1, moment: "before" }, undefined, (model) => model.up(subject.declared));
      const next = engine();
      expect(await next.up(replaced), next.error).toBe("created");
      await standsOnce(next, replaced);
    });
  }

  it("an update that has nothing to do keeps its name in the ledger, so that it can be removed, made and removed again", async () => {
    for (let round = 0; round < 2; round += 1) {
      const made = engine();
      expect(await made.up(subject.declared), made.error).toBe("created");
      const before = made.kept?.outputs["revision"];
      const updated = engine(made.kept);
      await updated.up({ ...subject.declared, onDelete: "delete" });
      if (subject.isCopy !== true) expect(updated.kept?.outputs["revision"]).toBe(before);
      const last = engine(updated.kept);
      expect(await last.destroy()).toBe(true);
      expect(subject.count(tenant)).toBe(0);
    }
  });

  it("a removal that the service refused leaves it as it was", async () => {
    const first = engine();
    await first.up(subject.declared);
    tenant.addFault({ ...subject.removal, when: "before", status: 400, body: { message: "no" } });
    const refused = engine(first.kept);
    expect(await refused.destroy()).toBe(false);
    tenant.clearFaults();
    const next = engine(first.kept);
    expect(await next.up(subject.declared)).toBe("unchanged");
    await standsOnce(next);
  });

  it("replaced by force right after it was made, and forgotten by the engine, one stands", async () => {
    const first = engine();
    await first.up(subject.declared);
    const saved = first.kept;
    await engine(saved).up(subject.declared, { replace: true });
    const next = engine(saved);
    expect(await next.up(subject.declared), next.error).toBe("replaced");
    await standsOnce(next);
  });

  it("a ledger whose entries a saved state holds is left without a file", async () => {
    const first = engine();
    await first.up(subject.declared);
    const next = engine(first.kept);
    expect(await next.up(subject.declared)).toBe("unchanged");
    await expect
      .poll(async () => (await readdir(join(folder, "project", "stack"))).filter((name) => name.endsWith(".journal")))
      .toEqual([]);
  });
});
