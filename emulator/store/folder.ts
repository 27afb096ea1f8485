/**
 * The folder that a store lives in: made for its owner alone (0700), and never one that holds anything else, since the store
 * would tighten its permissions and its user might delete it whole. File names: LevelDB's `filename.cc`.
 */
import { chmod, mkdir, readdir } from "node:fs/promises";
import { TenantError } from "../errors.js";

const LEVELDB_FILE = /^(CURRENT|LOCK|LOG|LOG\.old|MANIFEST-\d+|\d+\.(ldb|log|sst|dbtmp)|lost)$/;

export async function prepareFolder(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const foreign = (await readdir(directory)).find((name) => !LEVELDB_FILE.test(name));
    if (foreign !== undefined)
      throw new TenantError({
        problem: "store",
        what: `${directory} is not an embedded tenant's store: it holds ${JSON.stringify(foreign)}`,
        remedy: "Give the store an empty folder, or one that does not exist yet",
      });
    await chmod(directory, 0o700);
  } catch (error) {
    if (error instanceof TenantError) throw error;
    const reason = error instanceof Error && "code" in error ? String(error.code) : "unknown cause";
    throw new TenantError({
      problem: "store",
      what: `The folder ${directory} can't be used for the embedded tenant's store (${reason})`,
      remedy: "Give the store a folder that you may write to",
      cause: error,
    });
  }
}
