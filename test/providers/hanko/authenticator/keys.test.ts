import { createPublicKey, generateKeyPairSync, type KeyObject, verify } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { coseKeyOf } from "../../../../providers/hanko/authenticator/coseKey.js";
import { credentialIdFrom } from "../../../../providers/hanko/authenticator/credential.js";
import {
  deriveKey,
  isDerivable,
  KEY_DERIVATION_BYTES,
  pkcs8Of,
  readPrivateKey,
  signWith,
  spkiOf,
} from "../../../../providers/hanko/authenticator/keys.js";
import { ALL_ALGORITHMS, credentialWith } from "./_ceremony.js";

const publicKeyOf = (key: KeyObject) => createPublicKey(key);

describe("a derived key", () => {
  it("of Ed25519 is the one of RFC 8032's first vector", () => {
    const key = deriveKey(
      "EdDSA",
      Buffer.from("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "hex"),
    );
    expect(publicKeyOf(key).export({ format: "jwk" })["x"]).toBe(
      Buffer.from("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "hex").toString("base64url"),
    );
    expect(signWith("EdDSA", key, Buffer.alloc(0)).toString("hex")).toMatch(/^e5564300c360ac729086e2cc806e828a/);
  });

  it("of P-256 is the scalar that FIPS 186-5 A.2.1 makes of the bytes", () => {
    const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 48, maxLength: 48 }), (bytes) => {
        const scalar = (BigInt(`0x${Buffer.from(bytes).toString("hex")}`) % (order - 1n)) + 1n;
        const { d = "" } = deriveKey("ES256", Buffer.from(bytes)).export({ format: "jwk" });
        expect(BigInt(`0x${Buffer.from(d, "base64url").toString("hex")}`)).toBe(scalar);
      }),
      { numRuns: 20 },
    );
  });

  it("is the same for the same bytes and another for others, down to its DER", () => {
    for (const algorithm of ["ES256", "EdDSA"] as const) {
      const bytes = Buffer.alloc(KEY_DERIVATION_BYTES[algorithm], 7);
      const once = pkcs8Of(deriveKey(algorithm, bytes));
      expect(pkcs8Of(deriveKey(algorithm, Buffer.from(bytes)))).toEqual(once);
      bytes[0] = 8;
      expect(pkcs8Of(deriveKey(algorithm, bytes))).not.toEqual(once);
      expect(() => deriveKey(algorithm, bytes.subarray(1))).toThrow(`${bytes.length} bytes`);
    }
  });

  it("exists for ES256 and EdDSA only", () => {
    expect(ALL_ALGORITHMS.filter(isDerivable)).toEqual(["ES256", "EdDSA"]);
  });
});

describe.each(ALL_ALGORITHMS)("a key of %s", (algorithm) => {
  it("comes back from its PKCS#8 DER", async () => {
    const { privateKey } = await credentialWith(algorithm);
    const again = readPrivateKey(algorithm, pkcs8Of(privateKey));
    expect(spkiOf(publicKeyOf(again))).toEqual(spkiOf(publicKeyOf(privateKey)));
  });

  it("is COSE with its labels in canonical order and every coordinate at full length", async () => {
    const { privateKey } = await credentialWith(algorithm);
    const hex = coseKeyOf(algorithm, publicKeyOf(privateKey)).toString("hex");
    expect(hex).toMatch(COSE_FORMS[algorithm]);
  });
});

// Written out from RFC 9053 §7 and RFC 8230 §4.
const COSE_FORMS = {
  ES256: /^a5010203262001215820.{64}225820.{64}$/,
  EdDSA: /^a4010103272006215820.{64}$/,
  ES384: /^a501020338222002215830.{96}225830.{96}$/,
  ES512: /^a501020338232003215842.{132}225842.{132}$/,
  PS256: /^a4010303382420590100.{512}2143010001$/,
  RS256: /^a401030339010020590100.{512}2143010001$/,
  RS384: /^a401030339010120590100.{512}2143010001$/,
  RS512: /^a401030339010220590100.{512}2143010001$/,
};

describe("a private key that is read", () => {
  it.each([
    ["ES256", generateKeyPairSync("ec", { namedCurve: "secp384r1" }).privateKey, "secp384r1"],
    ["ES256", generateKeyPairSync("ed25519").privateKey, "type ed25519"],
    ["EdDSA", generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey, "type ec"],
    ["RS256", generateKeyPairSync("ed25519").privateKey, "type ed25519"],
  ] as const)("must be one of %s", (algorithm, key, part) => {
    expect(() => readPrivateKey(algorithm, pkcs8Of(key))).toThrow(part);
  });

  it("that is none is refused without a word of it", () => {
    const secret = "c2VjcmV0IGtleSBieXRlcw";
    const read = () => readPrivateKey("ES256", Buffer.from(secret));
    expect(read).toThrow("it can't be read");
    expect(read).not.toThrow(secret);
  });
});

describe("an ECDSA signature", () => {
  it("is DER that the platform verifies, whatever was signed", async () => {
    const { privateKey } = await credentialWith("ES256");
    const publicKey = publicKeyOf(privateKey);
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array({ minLength: 1 }), (bytes, more) => {
        const signature = signWith("ES256", privateKey, Buffer.from(bytes));
        expect(verify("sha256", bytes, publicKey, signature)).toBe(true);
        expect(verify("sha256", Buffer.concat([bytes, more]), publicKey, signature)).toBe(false);
      }),
    );
  });
});

describe("a credential id", () => {
  it("is base64url of 1 to 187 bytes", () => {
    expect(credentialIdFrom(Buffer.from([0xfb, 0xff]))).toBe("-_8");
    expect(credentialIdFrom(Buffer.alloc(187))).toHaveLength(250);
    for (const length of [0, 188]) expect(() => credentialIdFrom(Buffer.alloc(length))).toThrow("1 to 187 bytes");
  });
});
