/**
 * The store on disk, LevelDB by `classic-level`: one sublevel a table, a format version beside them. A write is in the
 * operating system's hands when it is acknowledged: it outlives the process, not a power cut.
 */
import { ClassicLevel } from "classic-level";
import { TenantError } from "../errors.js";
import { prepareFolder } from "./folder.js";
import type { Change, Persistence } from "./persistence.js";

const FORMAT_VERSION = "1";

export async function openLevelPersistence(directory: string): Promise<Persistence> {
  await prepareFolder(directory);
  const level = new ClassicLevel<string, string>(directory);
  try {
    await level.open();
    await checkFormat(level, directory);
  } catch (error) {
    await level.close();
    throw error instanceof TenantError ? error : openingError(directory, error);
  }
  // A sublevel stays attached to its database until that is closed: one for each table, not one for each write.
  const sublevels = new Map<string, Sublevel>();
  const rowsOf = (table: string): Sublevel => {
    const rows = sublevels.get(table) ?? sublevelOf(level, table);
    sublevels.set(table, rows);
    return rows;
  };
  return {
    async load(table) {
      try {
        return await rowsOf(table).iterator().all();
      } catch (error) {
        throw openingError(directory, error);
      }
    },
    write: (changes) => level.batch(changes.map((change) => operation(rowsOf(change.table), change))),
    close: () => level.close(),
  };
}

function sublevelOf(level: ClassicLevel<string, string>, table: string) {
  return level.sublevel(table);
}
type Sublevel = ReturnType<typeof sublevelOf>;

function operation(sublevel: Sublevel, { key, json }: Change) {
  return json === undefined
    ? { type: "del" as const, sublevel, key }
    : { type: "put" as const, sublevel, key, value: json };
}

async function checkFormat(level: ClassicLevel<string, string>, directory: string): Promise<void> {
  const meta = sublevelOf(level, "meta");
  const version = await meta.get("format");
  if (version === FORMAT_VERSION) return;
  const isNew = version === undefined && (await level.keys({ limit: 1 }).all()).length === 0;
  if (isNew) return meta.put("format", FORMAT_VERSION);
  throw new TenantError({
    problem: "store",
    what: `The embedded tenant's store ${directory} has format ${version ?? "unknown"}, this version reads ${FORMAT_VERSION}`,
    remedy: "Use the version of the package that wrote it, or delete the folder to begin with an empty tenant",
  });
}

function openingError(directory: string, error: unknown): TenantError {
  if (codesOf(error).includes("LEVEL_LOCKED"))
    return new TenantError({
      problem: "store",
      what: `Another embedded tenant is using the store ${directory}`,
      remedy: "Stop that one first, or give this one a folder of its own",
      cause: error,
    });
  return new TenantError({
    problem: "store",
    what: `The embedded tenant's store ${directory} can't be read (${codesOf(error).join(", ") || "unknown cause"})`,
    remedy: "Put its folder back from a copy, or delete it to begin with an empty tenant",
    cause: error,
  });
}

/** The codes of an error and of its causes, outermost first. */
function codesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const own = "code" in error && typeof error.code === "string" ? [error.code] : [];
  return [...own, ...codesOf(error.cause)];
}
