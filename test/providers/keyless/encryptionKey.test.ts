/** Which key client states are sealed for: what is refused as one, and what pins it. */
import { createHash, generateKeyPairSync, type KeyObject } from "node:crypto";
import { describe, expect, it } from "vitest";
import { chooseEncryptionKey, readEncryptionKey } from "../../../providers/keyless/encryptionKey.js";
import { refusalOf } from "./_service.js";

const pemOf = (key: KeyObject) => key.export({ format: "pem", type: "spki" }).toString();
const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
const PEM = pemOf(pair.publicKey);
const FINGERPRINT = createHash("sha256")
  .update(pair.publicKey.export({ format: "der", type: "spki" }))
  .digest("hex");
const other = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey;
const offer = { keyId: "kid-1", supportedAlgorithms: ["RSAES-OAEP-SHA-256"], publicKey: PEM };

function choosing(pins: Parameters<typeof chooseEncryptionKey>[0], offered = offer) {
  const asked: string[] = [];
  const warned: string[] = [];
  const fetchKey = () => {
    asked.push("asked");
    return Promise.resolve(offered);
  };
  return { chosen: chooseEncryptionKey(pins, fetchKey, (line) => void warned.push(line)), asked, warned };
}

describe("a public key", () => {
  it.each([PEM, PEM.replaceAll("\n", "\r\n"), `\n${PEM}\n\n`])("is read whatever its line ends: %#", (pem) => {
    expect(readEncryptionKey(pem)).toMatchObject({ ok: true, fingerprint: FINGERPRINT });
  });

  const pkcs8 = pair.privateKey.export({ format: "pem", type: "pkcs8" }).toString();
  it.each<[string, string, RegExp]>([
    ["garbage", "garbage-canary", /no PEM \(14 characters/],
    ["a private key", pkcs8, /PEM PRIVATE KEY: never put a private key here/],
    [
      "a PKCS#1 private key",
      pair.privateKey.export({ format: "pem", type: "pkcs1" }).toString(),
      /RSA PRIVATE KEY: never/,
    ],
    ["a public key with a private one after it", `${PEM}${pkcs8}`, /never put a private key here/],
    ["two public keys", `${PEM}${pemOf(other)}`, /holds 2 keys/],
    [
      "PKCS#1",
      pair.publicKey.export({ format: "pem", type: "pkcs1" }).toString(),
      /PEM RSA PUBLIC KEY: .*BEGIN PUBLIC KEY/,
    ],
    ["a certificate's label", PEM.replaceAll("PUBLIC KEY", "CERTIFICATE"), /PEM CERTIFICATE/],
    ["a key cut off", PEM.slice(0, 200), /can't be read, it may be cut off/],
    ["line breaks lost to a shell", PEM.replaceAll("\n", "\\n"), /two characters .* < key\.pem/],
    ["a short key", pemOf(generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey), /RSA key of 1024 bits/],
    ["an elliptic curve", pemOf(generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey), /of type ec/],
    ["a key for signatures only", pemOf(generateKeyPairSync("rsa-pss", { modulusLength: 2048 }).publicKey), /rsa-pss/],
  ])("isn't %s, and the reason shows none of it", (_, pem, reason) => {
    const read = readEncryptionKey(pem);
    expect(read).toEqual({ ok: false, reason: expect.stringMatching(reason) });
    const lines = pem.split(/\n|\\n/).filter((line) => line !== "" && !line.startsWith("-----"));
    for (const line of lines) expect(JSON.stringify(read)).not.toContain(line);
  });
});

describe("the key for client states", () => {
  it("is the pinned one, without a request or a warning", async () => {
    const { chosen, asked, warned } = choosing({ encryptionKeyId: "pinned", encryptionPublicKey: PEM });
    expect(await chosen).toMatchObject({ keyId: "pinned", fingerprint: FINGERPRINT });
    expect([asked, warned]).toEqual([[], []]);
  });

  it("is the fetched one with a warning that tells its fingerprint and how to pin it", async () => {
    const { chosen, asked, warned } = choosing({});
    expect((await chosen).key.equals(pair.publicKey)).toBe(true);
    expect(asked).toHaveLength(1);
    expect(warned).toEqual([
      expect.stringContaining(`pulumi config set keyless:encryptionKeyFingerprint ${FINGERPRINT}`),
    ]);
  });

  it("is the fetched one without a warning once its fingerprint is pinned", async () => {
    const { chosen, warned } = choosing({ encryptionKeyFingerprint: FINGERPRINT });
    expect(await chosen).toMatchObject({ keyId: "kid-1" });
    expect(warned).toEqual([]);
  });

  it("is not another than the pinned one: the error tells both and how to accept it", async () => {
    const { chosen } = choosing({ encryptionKeyFingerprint: FINGERPRINT }, { ...offer, publicKey: pemOf(other) });
    const { code, message } = await refusalOf(chosen);
    const offered = readEncryptionKey(pemOf(other));
    expect(code).toBe("ERR_AUTHN_CONFIGURATION");
    expect(message).toContain(`${FINGERPRINT} is pinned: somebody may have swapped it`);
    expect(message).toContain(
      `pulumi config set keyless:encryptionKeyFingerprint ${offered.ok ? offered.fingerprint : ""}`,
    );
  });

  it.each<[string, Partial<typeof offer>, RegExp]>([
    [
      "for another algorithm",
      { supportedAlgorithms: ["RSA1_5", "x\u001b[31m"] },
      /for RSA1_5, x\\x1b\[31m, not for RSAES/,
    ],
    ["for none", { supportedAlgorithms: [] }, /for nothing, not for RSAES-OAEP-SHA-256/],
    ["a short one", { publicKey: pemOf(generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey) }, /1024 bits/],
    ["garbage", { publicKey: "garbage-canary" }, /offers for client states is no PEM/],
  ])("is not taken %s", async (_, part, reason) => {
    const { chosen, warned } = choosing({}, { ...offer, ...part });
    const { code, message } = await refusalOf(chosen);
    expect(code).toBe("ERR_AUTHN_CONFIGURATION");
    expect(message).toMatch(reason);
    expect(message).not.toContain("garbage-canary");
    expect(warned).toEqual([]);
  });
});
