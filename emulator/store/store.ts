/**
 * The tenant's store: typed tables whose rows are in memory, with every change written behind to disk in the order it was made.
 * Reads are synchronous. Whoever answers a client awaits `flush` first; then nothing that anybody saw is lost by `kill -9`.
 */
import type { z } from "zod";
import { TenantError } from "../errors.js";
import { describeIssues } from "../invalid.js";
import { openLevelPersistence } from "./level.js";
import { memoryPersistence, type Persistence } from "./persistence.js";
import { Table } from "./table.js";
import { WriteBehind } from "./write-behind.js";

export type { Table } from "./table.js";

export interface Store {
  /** Whether it outlives the process. */
  readonly durable: boolean;
  /**
   * Loads a table. Its rows must be JSON values.
   * @throws TenantError where a stored row isn't what the schema says.
   */
  table<Row>(name: string, schema: z.ZodType<Row>): Promise<Table<Row>>;
  /** Resolves when every change made so far is on disk; rejects, from then on always, once one couldn't be written. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/**
 * @param directory The folder of the store, made (0700) where it is missing; absent: memory only.
 * @throws TenantError where another tenant holds the folder, or it isn't a store, or can't be read.
 */
export async function openStore(directory: string | undefined): Promise<Store> {
  const persistence = directory === undefined ? memoryPersistence : await openLevelPersistence(directory);
  return storeOver(persistence, directory);
}

function storeOver(persistence: Persistence, directory: string | undefined): Store {
  const writes = new WriteBehind((changes) => persistence.write(changes));
  const open = new Set<string>();
  return {
    durable: directory !== undefined,
    async table<Row>(name: string, schema: z.ZodType<Row>) {
      // Two working sets over the same rows would each miss the other's changes.
      if (open.has(name)) throw new Error(`The table ${name} is open already`);
      open.add(name);
      const rows = new Map<string, Row>();
      for (const [key, json] of await persistence.load(name))
        rows.set(key, parseRow(json, schema, `${directory ?? "memory"}, ${name}`));
      return new Table<Row>(name, rows, (change) => writes.add(change));
    },
    flush: () => writes.flush(),
    async close() {
      try {
        await writes.flush();
      } finally {
        await persistence.close();
      }
    },
  };
}

function parseRow<Row>(json: string, schema: z.ZodType<Row>, where: string): Row {
  const row = schema.safeParse(parseJson(json));
  if (row.success) return row.data;
  throw new TenantError({
    problem: "store",
    what: `The embedded tenant's store is corrupt (${where}: ${describeIssues(row.error)})`,
    remedy: "Put its folder back from a copy, or delete it to begin with an empty tenant",
  });
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
