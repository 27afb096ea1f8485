/** Where the store's changes go: a port with two sides, memory (nowhere) and LevelDB (`level.ts`). */

/** One row set (`json`) or, without it, removed. */
export interface Change {
  readonly table: string;
  readonly key: string;
  readonly json?: string;
}

export interface Persistence {
  /** Every row of a table as key and JSON, ordered by the key's UTF-8 bytes. */
  load(table: string): Promise<readonly (readonly [key: string, json: string])[]>;
  /** Makes all changes or none. */
  write(changes: readonly Change[]): Promise<void>;
  close(): Promise<void>;
}

export const memoryPersistence: Persistence = {
  load: async () => [],
  write: async () => {},
  close: async () => {},
};
