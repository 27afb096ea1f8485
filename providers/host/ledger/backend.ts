/**
 * Which state an operation writes, so that two states of one project and stack that share a ledger are told apart. No password is in it:
 * that changes, and the state doesn't.
 */
import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { urlOf } from "../../url.js";

/** The state that lies beside the ledger in AUTHN_HOME, wherever that is today. */
const OWN = "own";
const MARK_LENGTH = 16;
/** What an address's query says of the place; all else is how it is reached (engine v3.228.0, gocloud.dev/blob v0.37.0). */
const PLACE_PARAMETERS = ["table", "prefix", "storage_account", "domain", "endpoint", "host", "port", "dbname"];

export interface Surroundings {
  /** Absolute: what a relative file address is relative to. */
  readonly projectFolder: string;
  /** The state's folder where it lies beside the ledger; undefined for a ledger elsewhere, which two such states may share. */
  readonly ownState: string | undefined;
}

/**
 * @param address of the backend, see `stateAddress`
 * @returns undefined where it can't be told
 */
export function backendMark(
  address: string | undefined,
  { projectFolder, ownState }: Surroundings,
): string | undefined {
  if (address === undefined || address === "") return undefined;
  const place = placeOf(address, projectFolder);
  if (place === undefined) return undefined;
  if (place === ownState) return OWN;
  return createHash("sha256").update(place).digest("hex").slice(0, MARK_LENGTH);
}

function placeOf(address: string, projectFolder: string): string | undefined {
  const parsed = urlOf(address);
  try {
    const relative = /^file:\/\/(?=~|\.)([^?]*)/.exec(address)?.[1];
    if (relative !== undefined) {
      const path = decodeURIComponent(relative);
      return path.startsWith("~") ? join(homedir(), path.slice(1)) : resolve(projectFolder, path);
    }
    // `file://folder` is a folder to the engine, and a machine to everybody else.
    if (parsed?.protocol === "file:") return parsed.hostname === "" ? resolve(fileURLToPath(parsed)) : undefined;
  } catch {
    // Its per cent signs begin no character.
    return undefined;
  }
  if (parsed === undefined) return undefined;
  const { protocol, host, pathname, searchParams } = parsed;
  const further = PLACE_PARAMETERS.flatMap((name) =>
    searchParams.getAll(name).map((value): [string, string] => [name, value]),
  );
  return `${protocol}//${host}${pathname}${further.length === 0 ? "" : `?${new URLSearchParams(further)}`}`;
}
