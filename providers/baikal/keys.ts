/**
 * A client's own keys: from a directory, from files or from PEM text, what its JWKS shows of them, and which one signs
 * (contracts/baikal.md, "Client keys"). Unlike the Python SDK, hidden files are passed over, and no key signs by chance.
 */
import { createPublicKey, type KeyObject } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { calculateJwkThumbprint } from "jose";
import { AuthnError } from "../errors.js";
import { isKeyExtension, isPem, type ReadKey, readKey, readPem } from "./keyForms.js";
import { algorithmOf, type JwkSet, publicJwk, requiredMembers, type SigningAlgorithm } from "./signingKey.js";

/** A key of the client's own. */
export interface BaikalKey {
  /** The JWK's own, else the RFC 7638 SHA-256 thumbprint, base64url. */
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  /** Where it was found; of two files with one key, that with the private key. */
  readonly file: string;
  readonly publicKey: KeyObject;
  /** Absent for a public key or a certificate, which can't sign. */
  readonly privateKey?: KeyObject;
}

interface Source {
  readonly file: string;
  readonly read: ReadKey;
}

/** Where a client's keys are. */
export interface KeySources {
  /**
   * Directories (their hidden files, folders, and files that are no keys by extension and content passed over), and files. Beside PEM and
   * JWK (`json`): DER under `private`, `pkcs8`, `public`, `spki`, `pkix` and `x509`.
   */
  readonly files?: string | readonly string[] | undefined;
  /** PKCS#8 PEM: the output `activePrivateKey` of a `BaikalClientKeys`. */
  readonly pem?: string | undefined;
}

/**
 * Every key of the sources, once, in the order of the files' names.
 * @throws AuthnError `ERR_AUTHN_CONFIGURATION` with each file that can't be used and why
 */
export async function loadKeys({ files = [], pem }: KeySources): Promise<readonly BaikalKey[]> {
  try {
    const paths = typeof files === "string" ? [files] : files;
    const sources = (await Promise.all(paths.map(sourcesAt))).flat();
    return await keysOf(pem === undefined ? sources : [{ file: "privateKey", read: readPem(pem) }, ...sources]);
  } catch (error) {
    if (!(error instanceof Error && "path" in error && "code" in error)) throw error;
    throw unusable([`${String(error.path)}: it can't be read (${String(error.code)})`]);
  }
}

/** The document that the authserver fetches for this client: public members, `kid` and `use`. */
export function jwkSetOf(keys: readonly BaikalKey[]): JwkSet {
  return { keys: keys.map(({ publicKey, kid }) => publicJwk(publicKey, kid)) };
}

/** The key that signs: the named one, else the only one. @throws AuthnError `ERR_AUTHN_CONFIGURATION` */
export function signingKeyOf(
  keys: readonly BaikalKey[],
  kid: string | undefined,
): BaikalKey & { privateKey: KeyObject } {
  const able = keys.flatMap((key) => (key.privateKey === undefined ? [] : [{ ...key, privateKey: key.privateKey }]));
  const named = kid === undefined ? able : able.filter((key) => key.kid === kid);
  const [only, ...others] = named;
  if (only !== undefined && others.length === 0) return only;
  const list = able.map((key) => `${key.kid} (${key.file})`).join(", ");
  throw new AuthnError({
    code: "ERR_AUTHN_CONFIGURATION",
    what:
      only === undefined
        ? `There is no private key ${kid === undefined ? "to sign an assertion with" : `${kid}`}${list === "" ? "" : `; there are ${list}`}`
        : `Any of ${able.length} private keys could sign, and which one may isn't said: ${list}`,
    remedy:
      list === ""
        ? "Give a private key: keyFiles, privateKey or BAIKAL_PRIVATE_CERTS_PATH"
        : "Name one as `kid`, or keep only the key that the authserver knows",
  });
}

async function sourcesAt(path: string): Promise<readonly Source[]> {
  if (!(await stat(path)).isDirectory()) return [await sourceAt(path, true)].flatMap((source) => source ?? []);
  const names = (await readdir(path)).filter((name) => !name.startsWith(".")).sort();
  const sources = await Promise.all(names.map((name) => sourceAt(join(path, name), false)));
  return sources.flatMap((source) => source ?? []);
}

/** Undefined for what lies in a directory of keys and isn't one. @param asked named by the caller, and so expected to be one */
async function sourceAt(path: string, asked: boolean): Promise<Source | undefined> {
  if (!(await stat(path)).isFile()) return undefined; // a link to a file is one: so does a mounted secret look
  const bytes = await readFile(path);
  const extension = extname(path).slice(1).toLowerCase();
  if (!asked && !isKeyExtension(extension) && !isPem(bytes)) return undefined;
  return { file: basename(path), read: readKey(bytes, extension) };
}

async function keysOf(sources: readonly Source[]): Promise<readonly BaikalKey[]> {
  const faults = sources.flatMap(({ file, read }) => (read.ok ? [] : [`${file}: ${read.reason}`]));
  if (faults.length > 0) throw unusable(faults);
  const byThumbprint = new Map<string, BaikalKey>();
  for (const { file, read } of sources) {
    if (!read.ok) continue;
    const { key } = read;
    const alg = algorithmOf(key);
    if (alg === undefined) continue;
    const thumbprint = await calculateJwkThumbprint(requiredMembers(key), "sha256");
    const found: BaikalKey = {
      kid: read.kid ?? thumbprint,
      alg,
      file,
      ...(key.type === "private" ? { publicKey: createPublicKey(key), privateKey: key } : { publicKey: key }),
    };
    const known = byThumbprint.get(thumbprint);
    if (known === undefined || (known.privateKey === undefined && key.type === "private"))
      byThumbprint.set(thumbprint, found);
  }
  const keys = [...byThumbprint.values()];
  const namesakes = keys.filter((key) => keys.some((other) => other !== key && other.kid === key.kid));
  if (namesakes.length === 0) return keys;
  throw unusable(namesakes.map(({ file, kid }) => `${file}: another key has its kid ${JSON.stringify(kid)} as well`));
}

function unusable(faults: readonly string[]): AuthnError {
  return new AuthnError({
    code: "ERR_AUTHN_CONFIGURATION",
    what: `These key files can't be used: ${faults.join("; ")}`,
    remedy: "Give RSA keys of 2048 bits or more, or P-256 keys, unencrypted; take the others out of the directory",
  });
}
