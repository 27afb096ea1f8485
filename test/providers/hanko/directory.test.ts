/** The directory: the truth for every read whatever happens meanwhile, and what it costs in requests. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { HankoCredentialInfo } from "../../../providers/hanko/api.js";
import { credentialDirectory } from "../../../providers/hanko/directory.js";

const MINUTE = 60_000;
const flush = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A tenant that holds `total` credentials, `c0` first in its list, and counts what it is asked. */
function tenant(total: number, { pageSize = 100, tellsTotal = false } = {}) {
  const asked = { pages: 0, ids: 0 };
  const gone = new Set<string>();
  const info = (index: number): HankoCredentialInfo => ({ id: `c${index}`, userId: "ada" });
  return {
    asked,
    gone,
    async page(cursor = 1) {
      asked.pages += 1;
      await flush();
      const from = (cursor - 1) * pageSize;
      const rows = Array.from({ length: Math.max(0, Math.min(pageSize, total - from)) }, (_, row) => info(from + row));
      return {
        credentials: rows.filter(({ id }) => !gone.has(id)),
        next: from + pageSize < total ? cursor + 1 : undefined,
        ...(tellsTotal ? { total } : {}),
      };
    },
    async credential(id: string) {
      asked.ids += 1;
      await flush();
      const index = Number(id.slice(1));
      return index < total && !gone.has(id) ? info(index) : undefined;
    },
  };
}

/** Reads as the engine does: so many at a time, the next once one is answered. */
async function readAll(
  read: (id: string) => Promise<HankoCredentialInfo | undefined>,
  ids: readonly string[],
  parallel = 16,
) {
  const queue = [...ids];
  const missing: string[] = [];
  const reader = async () => {
    for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
      const found = await read(id);
      if (found === undefined) missing.push(id);
      else expect(found.id).toBe(id);
    }
  };
  await Promise.all(Array.from({ length: parallel }, reader));
  return missing;
}

const still = { now: () => 0 };
const spread = (count: number, step: number) =>
  Array.from({ length: count }, (_, index) => `c${(index * step) % count}`);

describe("a refresh", () => {
  it.each([4, 8, 16, 64])(
    "of a thousand credentials, %i at a time, asks for each page once and for nothing else",
    async (parallel) => {
      const service = tenant(1_000);
      const { read } = credentialDirectory(service, still);
      expect(await readAll(read, spread(1_000, 367), parallel)).toEqual([]);
      expect(service.asked.pages).toBe(10);
      // Few at a time may not pay for a page at first.
      expect(service.asked.ids).toBeLessThanOrEqual(parallel < 8 ? 8 : 0);
    },
  );

  it("one after the other costs a few dozen requests", async () => {
    const service = tenant(1_000);
    const { read } = credentialDirectory(service, still);
    await readAll(read, spread(1_000, 367), 1);
    expect(service.asked.pages + service.asked.ids).toBeLessThan(60);
  });

  it.each([1, 2, 3])(
    "isn't spoilt by %i reads that come alone before all others, and are on no page so far",
    async (count) => {
      const service = tenant(1_000);
      const { read } = credentialDirectory(service, still);
      for (let index = 0; index < count; index += 1) await read(`c${999 - index}`);
      const others = spread(1_000, 367).reverse();
      // Each asked in a turn of its own, as calls from another process come.
      const arriving = async (id: string) => {
        await flush();
        return read(id);
      };
      await readAll(arriving, others);
      expect(service.asked.pages).toBe(10);
      expect(service.asked.ids).toBeLessThanOrEqual(count + 2);
    },
  );

  it("of a thousand among a million others costs little more than asking for each", async () => {
    const service = tenant(1_000_000, { tellsTotal: true });
    const { read } = credentialDirectory(service, still);
    const ours = Array.from({ length: 1_000 }, (_, index) => `c${999_000 + index}`);
    expect(await readAll(read, ours)).toEqual([]);
    expect(service.asked).toEqual({ pages: 16, ids: 1_000 });
  });

  // The engine asks in the order of the program, and the Passkey API lists the newest first.
  it.each([
    { ours: 1_000, others: 0, tellsTotal: true, atMost: 18 },
    { ours: 5_000, others: 0, tellsTotal: true, atMost: 110 },
    { ours: 1_000, others: 2_000, tellsTotal: true, atMost: 70 },
    { ours: 1_000, others: 0, tellsTotal: false, atMost: 30 },
    { ours: 1_000, others: 1_000_000, tellsTotal: true, atMost: 1_008 },
    { ours: 1_000, others: 1_000_000, tellsTotal: false, atMost: 1_260 },
  ])("of $ours that stand behind $others others, asked last first, costs at most $atMost", async (order) => {
    const { ours, others, tellsTotal, atMost } = order;
    const service = tenant(ours + others, { tellsTotal });
    const { read } = credentialDirectory(service, still);
    const lastFirst = Array.from({ length: ours }, (_, index) => `c${ours + others - 1 - index}`);
    expect(await readAll(read, lastFirst, 8)).toEqual([]);
    expect(service.asked.pages + service.asked.ids).toBeLessThanOrEqual(atMost);
  });

  it("stops at the page that shows the last one, and goes on from there", async () => {
    const service = tenant(1_000);
    const { read } = credentialDirectory(service, still);
    await readAll(read, ["c0", "c50", "c99"]);
    expect(service.asked).toEqual({ pages: 1, ids: 0 });
    await readAll(read, ["c0", "c99", "c250"]);
    expect(service.asked).toEqual({ pages: 3, ids: 0 });
  });

  it("asks for what no page shows by its id before it calls it gone", async () => {
    const service = tenant(150);
    service.gone.add("c3").add("c140");
    const { read } = credentialDirectory(service, still);
    expect(await readAll(read, spread(150, 7))).toEqual(expect.arrayContaining(["c3", "c140"]));
    expect(service.asked).toEqual({ pages: 2, ids: 2 });
  });

  it("that comes a minute later looks anew", async () => {
    let nowMs = 0;
    const service = tenant(100);
    const { read } = credentialDirectory(service, { now: () => nowMs });
    await readAll(read, ["c1", "c2"]);
    service.gone.add("c1");
    nowMs = MINUTE - 1;
    expect(await readAll(read, ["c1", "c2"])).toEqual([]);
    nowMs = MINUTE;
    expect(await readAll(read, ["c1", "c2"])).toEqual(["c1"]);
    expect(service.asked).toEqual({ pages: 2, ids: 1 });
  });

  it("asks once for one that several ask for", async () => {
    const service = tenant(1);
    const { read } = credentialDirectory(service, still);
    await readAll(read, ["c5", "c5", "c5", "c5"]);
    expect(service.asked).toEqual({ pages: 1, ids: 1 });
  });
});

describe("a failure", () => {
  it("of a page is everybody's who waits for it, and the next read asks again", async () => {
    const service = tenant(100);
    let isBroken = true;
    const page = async (cursor?: number) => {
      await flush();
      if (isBroken) throw new Error("no list");
      return service.page(cursor);
    };
    const { read } = credentialDirectory({ ...service, page }, still);
    const failed = await Promise.allSettled([read("c1"), read("c2")]);
    expect(failed.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    isBroken = false;
    expect(await readAll(read, ["c1", "c2", "c3"])).toEqual([]);
    expect(service.asked).toEqual({ pages: 1, ids: 0 });
  });

  it("of one credential is the failure of its read only", async () => {
    const service = tenant(1);
    const credential = async (id: string) => {
      if (id === "c8") throw new Error("broken");
      return service.credential(id);
    };
    const { read } = credentialDirectory({ ...service, credential }, still);
    const [broken, gone] = await Promise.allSettled([read("c8"), read("c9")]);
    expect(broken).toMatchObject({ status: "rejected" });
    expect(gone).toEqual({ status: "fulfilled", value: undefined });
    await expect(read("c8")).rejects.toThrow("broken");
  });
});

/** What the tenant held of one id, and how that came to an end. */
interface Version {
  readonly name: string | undefined;
  readonly appliedAt: number;
  /** Of the write that made it: told to the directory at this moment, by us; or not told, by others, at this time. */
  readonly by: { readonly forgottenAt: () => number } | { readonly othersAtMs: number };
}

const IDS = ["a", "b", "c", "d", "e", "f"] as const;
const id = fc.constantFrom(...IDS);
const event = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("read" as const), id }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("our write" as const), id, remains: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("others' write" as const), id, remains: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("time" as const), ms: fc.integer({ min: 1, max: 40_000 }) }) },
);

describe("a read", () => {
  it("tells the truth, after our last write of it and at most a minute old, in whatever order things happen", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler({ act: (step) => step().then(flush) }),
        fc.array(event, { minLength: 1, maxLength: 30 }),
        fc.array(id, { maxLength: 4 }),
        async (scheduler, events, initial) => {
          let moment = 0;
          let nowMs = 0;
          let underWay = 0;
          let writes = 0;
          let requests = 0;
          const never = () => Number.POSITIVE_INFINITY;
          const histories = new Map<string, Version[]>(
            IDS.map((one) => [
              one,
              [{ name: initial.includes(one) ? "first" : undefined, appliedAt: 0, by: { othersAtMs: 0 } }],
            ]),
          );
          const historyOf = (one: string) => histories.get(one) ?? [];
          const nameOf = (one: string) => historyOf(one).at(-1)?.name;
          const infoOf = (one: string): HankoCredentialInfo[] => {
            const name = nameOf(one);
            return name === undefined ? [] : [{ id: one, userId: "u", name }];
          };
          const served = async <T>(look: () => T): Promise<T> => {
            underWay += 1;
            requests += 1;
            await scheduler.schedule(Promise.resolve(), "request");
            const seen = look();
            await scheduler.schedule(Promise.resolve(), "answer");
            underWay -= 1;
            return seen;
          };
          const directory = credentialDirectory(
            {
              page: (cursor = 1) =>
                served(() => {
                  const rows = IDS.flatMap(infoOf);
                  const next = cursor * 2 < rows.length ? cursor + 1 : undefined;
                  return { credentials: rows.slice((cursor - 1) * 2, cursor * 2), next };
                }),
              credential: (one) => served(() => infoOf(one)[0]),
            },
            { now: () => nowMs },
          );

          const write = (one: string, remains: boolean, by: Version["by"]) => {
            writes += 1;
            moment += 1;
            historyOf(one).push({ name: remains ? `name ${writes}` : undefined, appliedAt: moment, by });
          };
          const run = async (happening: typeof event extends fc.Arbitrary<infer Event> ? Event : never) => {
            await scheduler.schedule(Promise.resolve(), happening.kind);
            if (happening.kind === "time") {
              // Requests take no time here: how old an answer may be is counted from its request.
              if (underWay === 0) nowMs += happening.ms;
            } else if (happening.kind === "others' write") {
              write(happening.id, happening.remains, { othersAtMs: nowMs });
            } else if (happening.kind === "our write") {
              let forgottenAt = never();
              write(happening.id, happening.remains, { forgottenAt: () => forgottenAt });
              await scheduler.schedule(Promise.resolve(), "our write's answer");
              directory.forget(happening.id);
              moment += 1;
              forgottenAt = moment;
            } else {
              const askedAt = moment;
              const askedAtMs = nowMs;
              const found = await directory.read(happening.id);
              const history = historyOf(happening.id);
              const allowed = history.filter((_, index) =>
                history
                  .slice(index + 1)
                  .every(({ appliedAt, by }) =>
                    "forgottenAt" in by
                      ? by.forgottenAt() === never()
                      : appliedAt > askedAt || askedAtMs - by.othersAtMs < MINUTE,
                  ),
              );
              expect(allowed.map(({ name }) => name)).toContain(found?.name);
            }
          };
          const all = Promise.all(events.map(run));
          await scheduler.waitFor(all);
          const reads = events.filter(({ kind }) => kind === "read").length;
          const ours = events.filter(({ kind }) => kind === "our write").length;
          expect(requests).toBeLessThanOrEqual(2 * reads + ours);
        },
      ),
      { numRuns: 300 },
    );
  });
});
