/** The cryptography of the import against the standards' own vectors and other implementations: RFC 8452, RSA-OAEP of Node and WebCrypto. */
import { constants, generateKeyPairSync, privateDecrypt, randomBytes, webcrypto } from "node:crypto";
import { gcmsiv } from "@noble/ciphers/aes.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encryptClientState, sealClientState } from "../../../providers/keyless/seal.js";

const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const random = { bytes: (length: number) => randomBytes(length) };
const hex = (text: string) => Buffer.from(text, "hex");

/** What the service does with an import. */
function open(wrappedKeyHex: string, body: Buffer): string {
  const key = privateDecrypt(
    { key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" },
    hex(wrappedKeyHex),
  );
  return Buffer.from(gcmsiv(key, body.subarray(0, 12)).decrypt(body.subarray(12))).toString("utf8");
}

// RFC 8452, appendix C.1, those without associated data.
const SIMPLE = { key: "01000000000000000000000000000000", nonce: "030000000000000000000000" };
const VECTORS = [
  { ...SIMPLE, plaintext: "", result: "dc20e2d83f25705bb49e439eca56de25" },
  { ...SIMPLE, plaintext: "0100000000000000", result: "b5d839330ac7b786578782fff6013b815b287c22493a364c" },
  {
    ...SIMPLE,
    plaintext: "010000000000000000000000",
    result: "7323ea61d05932260047d942a4978db357391a0bc4fdec8b0d106639",
  },
  {
    ...SIMPLE,
    plaintext: "0100000000000000000000000000000002000000000000000000000000000000",
    result: "84e07e62ba83a6585417245d7ec413a9fe427d6315c09b57ce45f2e3936a94451a8e45dcd4578c667cd86847bf6155ff",
  },
  {
    key: "e66021d5eb8e4f4066d4adb9c33560e4",
    nonce: "f46e44bb3da0015c94f70887",
    plaintext: "",
    result: "a4194b79071b01a87d65f706e3949578",
  },
];

describe("the encryption of a client state", () => {
  it.each(VECTORS)("is RFC 8452's for the plaintext $plaintext, the nonce before it", (vector) => {
    const { key, nonce, plaintext, result } = vector;
    expect(encryptClientState(hex(key), hex(nonce), hex(plaintext)).toString("hex")).toBe(nonce + result);
  });
});

describe("a sealed client state", () => {
  it("opens to the very text, whatever it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), (text) => {
        const { wrappedKeyHex, body } = sealClientState(text, publicKey, random);
        expect(wrappedKeyHex).toMatch(/^[0-9a-f]{512}$/);
        expect(body).toHaveLength(12 + Buffer.byteLength(text) + 16);
        expect(open(wrappedKeyHex, body)).toBe(text);
      }),
      { numRuns: 50 },
    );
  });

  it("doesn't open once any bit of it is another: nonce, ciphertext, tag or key", () => {
    const text = JSON.stringify({ secret: "s".repeat(40) });
    const { wrappedKeyHex, body } = sealClientState(text, publicKey, random);
    const flip = (bytes: Buffer, bit: number) => {
      const flipped = Buffer.from(bytes);
      flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      return flipped;
    };
    for (let bit = 0; bit < body.length * 8; bit += 1) expect(() => open(wrappedKeyHex, flip(body, bit))).toThrow();
    fc.assert(
      fc.property(fc.nat(256 * 8 - 1), (bit) => {
        expect(() => open(flip(hex(wrappedKeyHex), bit).toString("hex"), body)).toThrow();
      }),
      { numRuns: 30 },
    );
  });

  it("has its key wrapped as WebCrypto unwraps it: SHA-256 for hash and mask, no label", async () => {
    const { wrappedKeyHex, body } = sealClientState("state", publicKey, random);
    const key = await webcrypto.subtle.importKey(
      "pkcs8",
      privateKey.export({ format: "der", type: "pkcs8" }),
      { name: "RSA-OAEP", hash: "SHA-256" },
      false,
      ["decrypt"],
    );
    const unwrapped = new Uint8Array(await webcrypto.subtle.decrypt({ name: "RSA-OAEP" }, key, hex(wrappedKeyHex)));
    expect(unwrapped).toHaveLength(16);
    expect(Buffer.from(gcmsiv(unwrapped, body.subarray(0, 12)).decrypt(body.subarray(12))).toString()).toBe("state");
  });

  it("has a key and a nonce of its own each time, and leaves no key behind in memory", () => {
    const drawn: Buffer[] = [];
    const watched = {
      bytes(length: number) {
        const bytes = randomBytes(length);
        drawn.push(bytes);
        return bytes;
      },
    };
    const first = sealClientState("state", publicKey, watched);
    const second = sealClientState("state", publicKey, watched);
    expect(first.body.subarray(0, 12)).not.toEqual(second.body.subarray(0, 12));
    expect(first.body.subarray(12)).not.toEqual(second.body.subarray(12));
    const keys = drawn.filter(({ length }) => length === 16);
    expect(keys).toHaveLength(2);
    for (const key of keys) expect(key.equals(Buffer.alloc(16))).toBe(true);
  });
});
