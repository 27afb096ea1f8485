/** Key files in each form of the contract, what is refused of them and by which words, and which key signs. */
import { createPublicKey, generateKeyPairSync, type KeyObject, X509Certificate } from "node:crypto";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { readKey } from "../../../providers/baikal/keyForms.js";
import { jwkSetOf, loadKeys, signingKeyOf } from "../../../providers/baikal/keys.js";
import { CERTIFICATE, PRIVATE_KEY } from "../http/certificate.js";
import { P256, RSA, refusalOf } from "./_authserver.js";

async function directory(files: Readonly<Record<string, string | Buffer>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "authn-keys-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await Promise.all(Object.entries(files).map(([name, content]) => writeFile(join(folder, name), content)));
  return folder;
}

const der = (key: KeyObject, type: "pkcs8" | "pkcs1" | "sec1" | "spki") => {
  if (type === "spki") return key.export({ format: "der", type });
  return key.export({ format: "der", type });
};
const pem = (key: KeyObject, type: "pkcs8" | "pkcs1" | "sec1" | "spki") => String(key.export({ format: "pem", type }));
const jwk = (key: KeyObject, members: object = {}) => JSON.stringify({ ...key.export({ format: "jwk" }), ...members });
const certificate = new X509Certificate(CERTIFICATE);
const CERTIFIED = createPublicKey(PRIVATE_KEY);
const encrypted = { type: "pkcs8", cipher: "aes-256-cbc", passphrase: "x" } as const;
const own = (key: KeyObject) => key.export({ format: "jwk" });

describe("a key file", () => {
  it.each<[string, string | Buffer, KeyObject, signs: boolean]>([
    ["rsa.json", jwk(RSA.privateKey), RSA.publicKey, true],
    ["rsa-public.json", jwk(RSA.publicKey, { alg: "RS256", use: "sig" }), RSA.publicKey, false],
    ["pkcs8.private", der(RSA.privateKey, "pkcs8"), RSA.publicKey, true],
    ["pkcs1.private", der(RSA.privateKey, "pkcs1"), RSA.publicKey, true],
    ["sec1.private", der(P256.privateKey, "sec1"), P256.publicKey, true],
    ["ec.pkcs8", der(P256.privateKey, "pkcs8"), P256.publicKey, true],
    ["rsa.public", der(RSA.publicKey, "spki"), RSA.publicKey, false],
    ["ec.spki", der(P256.publicKey, "spki"), P256.publicKey, false],
    ["ec.pkix", certificate.raw, CERTIFIED, false],
    ["ec.x509", certificate.raw, CERTIFIED, false],
    ["pkcs8.pem", pem(RSA.privateKey, "pkcs8"), RSA.publicKey, true],
    ["pkcs1.pem", pem(RSA.privateKey, "pkcs1"), RSA.publicKey, true],
    ["sec1.pem", pem(P256.privateKey, "sec1"), P256.publicKey, true],
    ["spki.pem", pem(RSA.publicKey, "spki"), RSA.publicKey, false],
    ["public-pkcs1.pem", pem(RSA.publicKey, "pkcs1"), RSA.publicKey, false],
    ["certificate.pem", CERTIFICATE, CERTIFIED, false],
    ["certificate-and-key.pem", `${CERTIFICATE}${PRIVATE_KEY}`, CERTIFIED, true],
    ["pem-under-another-extension.private", pem(P256.privateKey, "pkcs8"), P256.publicKey, true],
    ["pem-under-none-of-them.key", pem(P256.privateKey, "pkcs8"), P256.publicKey, true],
    ["UPPER.PEM", pem(P256.privateKey, "pkcs8"), P256.publicKey, true],
  ])("is read as it comes: %s", async (name, content, publicKey, signs) => {
    const [key, ...others] = await loadKeys({ files: await directory({ [name]: content }) });
    expect(others).toEqual([]);
    expect(key?.publicKey.export({ format: "jwk" })).toEqual(own(publicKey));
    expect(key).toMatchObject({ file: name, alg: publicKey.asymmetricKeyType === "rsa" ? "RS256" : "ES256" });
    expect(key?.privateKey !== undefined).toBe(signs);
  });

  it.each<[string, string | Buffer, string]>([
    ["p384.pem", pem(generateKeyPairSync("ec", { namedCurve: "P-384" }).privateKey, "pkcs8"), "P-384"],
    ["p384.json", jwk(generateKeyPairSync("ec", { namedCurve: "P-384" }).privateKey), "P-384"],
    ["ed25519.pem", pem(generateKeyPairSync("ed25519").privateKey, "pkcs8"), "Ed25519"],
    ["ed25519.spki", der(generateKeyPairSync("ed25519").publicKey, "spki"), "Ed25519"],
    ["short.pem", pem(generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey, "pkcs8"), "1024 bits"],
    ["encrypted.pem", String(P256.privateKey.export({ format: "pem", ...encrypted })), "encrypted"],
    ["encrypted-pkcs1.pem", String(RSA.privateKey.export({ format: "pem", ...encrypted, type: "pkcs1" })), "encrypted"],
    ["encrypted.pkcs8", P256.privateKey.export({ format: "der", ...encrypted }), "encrypted"],
    ["pss.pem", pem(generateKeyPairSync("rsa-pss", { modulusLength: 2048 }).privateKey, "pkcs8"), "rsa-pss"],
    ["secret.json", JSON.stringify({ kty: "oct", k: "canary" }), "symmetric"],
    ["set.json", JSON.stringify({ keys: [] }), "no JWK"],
    ["broken.json", '{"kty":"RSA","canary', "no JSON"],
    ["members.json", JSON.stringify({ kty: "EC", crv: "P-256", x: "canary" }), "make no key"],
    ["other-alg.json", jwk(RSA.privateKey, { alg: "PS256" }), "PS256"],
    ["enc.json", jwk(RSA.publicKey, { use: "enc" }), 'use is "enc"'],
    ["noise.private", Buffer.from("canary"), "holds no key"],
    ["private-key.public", der(P256.privateKey, "pkcs8"), "holds no key"],
    ["broken.pem", "-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----\n", "can't be read"],
    ["two.pem", `${PRIVATE_KEY}${pem(P256.privateKey, "pkcs8")}`, "2 private keys"],
    ["half.pem", "-----BEGIN PRIVATE KEY-----\ncanary", "without a whole key"],
    ["parameters.pem", "-----BEGIN EC PARAMETERS-----\ncanary\n-----END EC PARAMETERS-----\n", "without a whole key"],
  ])("is refused by its name and the reason: %s", async (name, content, reason) => {
    const error = await refusalOf(loadKeys({ files: await directory({ [name]: content, "good.pem": PRIVATE_KEY }) }));
    expect(error).toMatchObject({ code: "ERR_AUTHN_CONFIGURATION" });
    expect(error.message).toContain(`${name}: `);
    expect(error.message).toContain(reason);
    expect(error.message).not.toContain("good.pem");
    expect(error.message).not.toContain("canary");
  });
});

describe("bytes that are no key", () => {
  const extensions = fc.constantFrom("json", "private", "pkcs8", "public", "spki", "pkix", "x509", "pem", "key");
  const noise = fc.uint8Array({ maxLength: 200 });
  const der256 = der(P256.privateKey, "pkcs8");
  const cutOff = fc.nat(der256.length - 1).map((length) => der256.subarray(0, length));
  const labels = fc.constantFrom("PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "PUBLIC KEY", "CERTIFICATE", "X");
  const armoured = fc
    .tuple(labels, fc.base64String({ maxLength: 200 }))
    .map(([label, text]) => Buffer.from(`-----BEGIN ${label}-----\n${text}\n-----END ${label}-----\n`));
  const json = fc.json().map((text) => Buffer.from(text));

  it("are refused for a reason, under any extension, and never thrown on", () => {
    fc.assert(
      fc.property(fc.oneof(noise, cutOff, armoured, json), extensions, (bytes, extension) => {
        const read = readKey(Buffer.from(bytes), extension);
        expect(read).toEqual({ ok: false, reason: expect.stringMatching(/./) });
      }),
    );
  });
});

describe("a directory of keys", () => {
  it("gives each key once, in the order of the names, and not its hidden files, folders and other files", async () => {
    const folder = await directory({
      "b.pem": pem(RSA.privateKey, "pkcs8"),
      "a.spki": der(RSA.publicKey, "spki"),
      "c.json": jwk(P256.publicKey),
      ".hidden.pem": PRIVATE_KEY,
      "README.txt": "which key is whose",
    });
    await mkdir(join(folder, "folder.pem"));
    const keys = await loadKeys({ files: folder });
    expect(keys.map(({ file, alg }) => [file, alg])).toEqual([
      ["b.pem", "RS256"],
      ["c.json", "ES256"],
    ]);
  });

  it("may be a mounted secret: links to files in a hidden folder", async () => {
    const folder = await directory({});
    await mkdir(join(folder, "..data"));
    await writeFile(join(folder, "..data", "key.pem"), PRIVATE_KEY);
    await symlink(join("..data", "key.pem"), join(folder, "key.pem"));
    expect(await loadKeys({ files: folder })).toMatchObject([{ file: "key.pem", alg: "ES256" }]);
  });

  it("names every file at once that can't be used, and the path where there is none", async () => {
    const folder = await directory({ "a.json": "{", "b.private": "noise" });
    expect((await refusalOf(loadKeys({ files: folder }))).message).toMatch(/a\.json: .*b\.private: /);
    const error = await refusalOf(loadKeys({ files: join(folder, "missing") }));
    expect(error).toMatchObject({ code: "ERR_AUTHN_CONFIGURATION" });
    expect(error.message).toContain("missing: it can't be read (ENOENT)");
  });

  it("isn't asked for: a named file that is no key is refused, whatever it is called", async () => {
    const folder = await directory({ "notes.txt": "no key", "key.pem": PRIVATE_KEY });
    expect((await refusalOf(loadKeys({ files: [join(folder, "notes.txt")] }))).message).toContain(
      "notes.txt: it is no PEM",
    );
    expect(await loadKeys({ files: [join(folder, "key.pem")], pem: PRIVATE_KEY })).toHaveLength(1);
  });
});

describe("the key id", () => {
  // RFC 7638 §3.1
  const example = {
    kty: "RSA",
    e: "AQAB",
    n: "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
  };

  it("is the RFC 7638 thumbprint, unless a JWK names its own", async () => {
    const folder = await directory({ "example.json": JSON.stringify(example) });
    expect(await loadKeys({ files: folder })).toMatchObject([{ kid: "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs" }]);
    const named = await directory({ "named.json": JSON.stringify({ ...example, kid: "2011-04-29", alg: "RS256" }) });
    expect(await loadKeys({ files: named })).toMatchObject([{ kid: "2011-04-29" }]);
  });

  it("is one key's only: two that share it are refused, since no verifier could tell them apart", async () => {
    const [first, second] = [jwk(RSA.privateKey, { kid: "k" }), jwk(P256.publicKey, { kid: "k" })];
    const files = { "a.json": first, "b.json": second, "other.pem": PRIVATE_KEY };
    const { message } = await refusalOf(loadKeys({ files: await directory(files) }));
    for (const name of ["a.json", "b.json"]) expect(message).toContain(`${name}: another key has its kid "k"`);
    expect(message).not.toContain("other.pem");
    const twice = { "a.json": first, "a.private": der(RSA.privateKey, "pkcs1") };
    expect(await loadKeys({ files: await directory(twice) })).toMatchObject([{ kid: "k" }]);
  });

  it("stands in the JWKS beside use and the public members, and nothing of the private key does", async () => {
    const keys = await loadKeys({
      files: await directory({
        "a.json": JSON.stringify({ ...example, kid: "r" }),
        "b.json": jwk(P256.privateKey, { kid: "e" }),
      }),
    });
    const { x, y } = own(P256.publicKey);
    expect(jwkSetOf(keys)).toEqual({
      keys: [
        { ...example, alg: "RS256", kid: "r", use: "sig" },
        { kty: "EC", crv: "P-256", x, y, alg: "ES256", kid: "e", use: "sig" },
      ],
    });
  });
});

describe("the key that signs", () => {
  it("is the only private one, or the one that is named, and never one by chance", async () => {
    const one = await loadKeys({
      files: await directory({ "a.pem": PRIVATE_KEY, "b.spki": der(RSA.publicKey, "spki") }),
    });
    expect(signingKeyOf(one, undefined).file).toBe("a.pem");
    const two = await loadKeys({
      files: await directory({ "a.pem": PRIVATE_KEY, "b.json": jwk(RSA.privateKey, { kid: "b" }) }),
    });
    expect(signingKeyOf(two, "b").file).toBe("b.json");
    expect(() => signingKeyOf(two, undefined)).toThrow(/Any of 2 private keys .*\(a\.pem\), b \(b\.json\)/);
    expect(() => signingKeyOf(two, "c")).toThrow(/no private key c; there are .*b \(b\.json\)/);
    expect(() => signingKeyOf([], undefined)).toThrow(/BAIKAL_PRIVATE_CERTS_PATH/);
  });
});
