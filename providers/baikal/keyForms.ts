/**
 * A client's key in each form that its files have: JWK, PEM, DER of PKCS#8, PKCS#1, SEC1 and SPKI, and certificates
 * (contracts/baikal.md, "Client keys"). Pure: bytes in, a key or the reason out.
 */
import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from "node:crypto";
import { z } from "zod";
import { algorithmOf, keyFault } from "./signingKey.js";

export type ReadKey =
  | {
      readonly ok: true;
      readonly key: KeyObject;
      /** A JWK's own; absent: the thumbprint is. */
      readonly kid: string | undefined;
    }
  | { readonly ok: false; readonly reason: string };

type Reader = (bytes: Buffer) => KeyObject;

const PRIVATE: readonly Reader[] = (["pkcs8", "pkcs1", "sec1"] as const).map(
  (type) => (key) => createPrivateKey({ key, format: "der", type }),
);
const PUBLIC: Reader = (key) => createPublicKey({ key, format: "der", type: "spki" });
const CERTIFICATE: Reader = (bytes) => new X509Certificate(bytes).publicKey;

/** The DER forms, by extension; `json` and `pem` are told by their content. */
const DER_FORMS: Readonly<Record<string, readonly Reader[]>> = {
  private: PRIVATE,
  pkcs8: PRIVATE.slice(0, 1),
  public: [PUBLIC],
  spki: [PUBLIC],
  pkix: [CERTIFICATE],
  x509: [CERTIFICATE],
};

/** True for an extension that the contract names. */
export function isKeyExtension(extension: string): boolean {
  return extension === "json" || extension === "pem" || Object.hasOwn(DER_FORMS, extension);
}

/** True for PEM, whatever the file is called. */
export function isPem(bytes: Buffer): boolean {
  return bytes.includes("-----BEGIN ");
}

/** @param extension of the file, in lower case, without its dot; PEM is read under any */
export function readKey(bytes: Buffer, extension: string): ReadKey {
  if (isPem(bytes)) return readPem(bytes.toString("utf8"));
  if (extension === "json") return readJwk(bytes.toString("utf8"));
  const readers = DER_FORMS[extension];
  if (readers === undefined) return no("it is no PEM");
  return firstOf(readers, bytes, `it holds no key as a .${extension} file has it, nor PEM`);
}

/** Where a private key stands, it is the file's; else the first of what stands there: of a chain, the certificate itself. */
export function readPem(text: string): ReadKey {
  const blocks = [...text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----.*?-----END \1-----/gs)];
  const ofKeys = blocks.filter(([, label = ""]) => /KEY$|CERTIFICATE$/.test(label));
  const [own, ...others] = ofKeys.filter(([, label = ""]) => label.endsWith("PRIVATE KEY"));
  if (others.length > 0) return no(`it holds ${1 + others.length} private keys, and a file may have one`);
  const block = own ?? ofKeys[0];
  if (block === undefined) return no("it is PEM without a whole key or certificate");
  const [pem, label = ""] = block;
  const reader: Reader = label.endsWith("PRIVATE KEY")
    ? (bytes) => createPrivateKey(bytes)
    : label.endsWith("CERTIFICATE")
      ? CERTIFICATE
      : (bytes) => createPublicKey(bytes);
  return firstOf([reader], Buffer.from(pem, "utf8"), `its ${label} can't be read`);
}

const jwk = z.looseObject({
  kty: z.string(),
  kid: z.string().min(1).optional(),
  alg: z.string().optional(),
  use: z.string().optional(),
});

function readJwk(text: string): ReadKey {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return no("it is no JSON");
  }
  const found = jwk.safeParse(parsed).data;
  if (found === undefined) return no("it is no JWK: one key, with its kty");
  const { kid, alg, use } = found;
  if (use !== undefined && use !== "sig") return no(`its use is ${JSON.stringify(use)}, not "sig"`);
  if (found.kty === "oct") return no("it is a symmetric key");
  const reader: Reader = () =>
    "d" in found ? createPrivateKey({ key: found, format: "jwk" }) : createPublicKey({ key: found, format: "jwk" });
  const read = firstOf([reader], Buffer.alloc(0), "its members make no key");
  if (!read.ok) return read;
  if (alg !== undefined && alg !== algorithmOf(read.key))
    return no(`its alg is ${JSON.stringify(alg)}, not RS256 or ES256`);
  return { ...read, kid };
}

function firstOf(readers: readonly Reader[], bytes: Buffer, otherwise: string): ReadKey {
  for (const reader of readers) {
    try {
      const key = reader(bytes);
      const fault = keyFault(key);
      return fault === undefined ? { ok: true, key, kid: undefined } : no(fault);
    } catch (error) {
      if (isEncrypted(error))
        return no("it is encrypted, and no passphrase is asked for: store it in plain, readable by you alone");
    }
  }
  // What OpenSSL says may quote the key.
  return no(otherwise);
}

/** How Node.js says that a passphrase is missing, by form and OpenSSL version. */
function isEncrypted(error: unknown): boolean {
  if (!(error instanceof Error) || !("code" in error)) return false;
  return error.code === "ERR_MISSING_PASSPHRASE" || /INTERRUPTED_OR_CANCELLED/.test(String(error.code));
}

function no(reason: string): ReadKey {
  return { ok: false, reason };
}
