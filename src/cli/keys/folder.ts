/**
 * What lies in a key directory already. The Baikal Python SDK loads every private PEM in it, whatever it is called, hidden ones
 * too, and signs with any (contracts/baikal.md, "Client keys"): so each is somebody's who must be known.
 */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { givenKeyPair } from "../../../providers/baikal/keyPair.js";
import { hasCode } from "../private-file.js";
import type { Written } from "./written.js";

export interface FoundKey {
  readonly file: string;
  /** RFC 7638; undefined for a kind of key that no ring has, or what can't be read. */
  readonly kid: string | undefined;
}

/** PEM files are a few kilobytes; what is larger is none. */
const mostBytes = 1_000_000;
/** Encrypted ones say so in their label (RFC 7468 §11) or in their first header (RFC 1421 §4.6.1.1). */
const privateKey = /-----BEGIN (?!ENCRYPTED)[A-Z0-9 ]*PRIVATE KEY-----(?!\s*Proc-Type: 4,ENCRYPTED)/;

/**
 * Every file with a private key that isn't encrypted, and what else lies in the place of one to come.
 * @param places names of files that are to be written
 */
export async function keysIn(folder: string, places: readonly string[]): Promise<readonly FoundKey[]> {
  const names = (await readdir(folder)).toSorted();
  const found = await Promise.all(names.map((name) => keyIn(join(folder, name), name)));
  return found.flatMap((key, index) => {
    const name = names[index] ?? "";
    return key ?? (places.includes(name) ? { file: name, kid: undefined } : []);
  });
}

async function keyIn(path: string, file: string): Promise<FoundKey | undefined> {
  try {
    const found = await stat(path);
    // To read a pipe would be to wait for its writer.
    if (!found.isFile() || found.size > mostBytes) return undefined;
    const text = await readFile(path, "latin1");
    if (!privateKey.test(text)) return undefined;
    const pair = await givenKeyPair(text).catch(() => undefined);
    return { file, kid: pair?.kid };
  } catch (error) {
    // Gone by now, or a link that leads nowhere: nothing that can sign.
    if (hasCode(error, "ENOENT") || hasCode(error, "ELOOP")) return undefined;
    // Who loads the directory may have the right to read it.
    if (hasCode(error, "EACCES") || hasCode(error, "EPERM")) return { file, kid: undefined };
    throw error;
  }
}

export interface Occupants {
  /** Files of rings that the key of today may take the place of. */
  readonly ours: ReadonlySet<string>;
  /** What this command wrote for a ring that the stack has no more, with the ring's name. */
  readonly stale: readonly { readonly file: string; readonly ring: string }[];
  /** Private keys that nobody answers for here, each with what is known of it. */
  readonly strangers: readonly { readonly file: string; readonly about: string }[];
}

export interface Claims {
  readonly stack: string;
  /** Every ring of the stack: name, file, and the kids that are or were its own. */
  readonly rings: readonly { readonly name: string; readonly file: string; readonly kids: ReadonlySet<string> }[];
  /** By file name, of this folder. */
  readonly written: Written;
}

/** Whose the keys in a folder are. Pure. */
export function occupantsOf(found: readonly FoundKey[], { stack, rings, written }: Claims): Occupants {
  const ours = new Set<string>();
  const stale: { file: string; ring: string }[] = [];
  const strangers: { file: string; about: string }[] = [];
  for (const { file, kid } of found) {
    const ring = rings.find((candidate) => candidate.file === file);
    const entry = Object.hasOwn(written, file) ? written[file] : undefined;
    const isAsWritten = entry !== undefined && kid === entry.kid;
    const isOf = ({ kids }: Claims["rings"][number]) => kid !== undefined && kids.has(kid);
    const owner = rings.find(isOf);
    if (ring !== undefined && (isOf(ring) || (isAsWritten && entry.stack === stack && entry.ring === ring.name))) {
      ours.add(file);
    } else if (owner !== undefined) {
      strangers.push({ file, about: `another key file of ${owner.name}, which may sign at any moment` });
    } else if (ring === undefined && isAsWritten) {
      // Another stack's is that stack's to look after.
      if (entry.stack === stack) stale.push({ file, ring: entry.ring });
    } else {
      const what =
        kid === undefined && ring !== undefined ? "stands in the way of this ring's key" : "may sign at any moment";
      strangers.push({ file, about: `not written by this command, and ${what}` });
    }
  }
  return { ours, stale, strangers };
}
