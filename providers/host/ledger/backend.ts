/**
 * Which state an operation writes, so that two states of one project and stack that share a ledger are told apart. No password is in it:
 * that changes, and the state doesn't.
 */
import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { urlOf } from "../../url.js";

/** The state that `authn` keeps in AUTHN_HOME, wherever that lies today. */
const OWN = "own";
const MARK_LENGTH = 16;

/**
 * @param url PULUMI_BACKEND_URL; undefined: the login's, which only the engine knows
 * @param home AUTHN_HOME, absolute
 * @param folder what a relative file address is relative to
 * @returns undefined where it can't be told
 */
export function backendMark(url: string | undefined, home: string, folder: string): string | undefined {
  if (url === undefined || url === "") return undefined;
  const place = placeOf(url, folder);
  if (place === undefined) return undefined;
  if (place === join(home, "state")) return OWN;
  return createHash("sha256").update(place).digest("hex").slice(0, MARK_LENGTH);
}

function placeOf(url: string, folder: string): string | undefined {
  const relative = /^file:\/\/(?=~|\.)([^?]*)/.exec(url)?.[1];
  if (relative !== undefined) {
    return relative.startsWith("~") ? join(homedir(), relative.slice(1)) : resolve(folder, relative);
  }
  const parsed = urlOf(url);
  if (parsed === undefined) return undefined;
  const { protocol, host, pathname, hostname } = parsed;
  if (protocol !== "file:") return `${protocol}//${host}${pathname}`;
  // `file://folder` is a folder to the engine, and a machine to everybody else.
  return hostname === "" ? resolve(fileURLToPath(parsed)) : undefined;
}
