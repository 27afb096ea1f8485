import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keyIdOf, normalisePublicKey } from "../../../providers/keyri/publicKey.js";

const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
const der = pair.publicKey.export({ format: "der", type: "spki" });
const spki = der.toString("base64");
const pem = pair.publicKey.export({ format: "pem", type: "spki" }).toString();
const raw = der.subarray(der.length - 64);

function reasonOf(text: string): string {
  const key = normalisePublicKey(text);
  if (key.ok) throw new Error("the key was taken");
  return key.reason;
}
const onCurve = (namedCurve: string) => generateKeyPairSync("ec", { namedCurve }).publicKey;
const base64Of = (key: KeyObject) => key.export({ format: "der", type: "spki" }).toString("base64");

describe("a device's public key", () => {
  it("in the service's own form is 124 characters that begin as the documentation's do", () => {
    expect(spki).toHaveLength(124);
    expect(spki.startsWith("MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE")).toBe(true);
  });

  it.each([
    ["base64 of the SPKI DER", spki],
    ["the same, unpadded and in the URL alphabet", der.toString("base64url")],
    ["the same, in lines", spki.replace(/.{64}/g, "$&\n")],
    ["a whole PEM", pem],
    ["a PEM with Windows line ends", pem.replaceAll("\n", "\r\n")],
    ["64 bytes X‖Y, as Cordova on iOS sends them", raw.toString("base64")],
    ["an uncompressed point", Buffer.concat([Buffer.from([4]), raw]).toString("base64")],
  ])("given as %s becomes the service's form", (_form, text) => {
    expect(normalisePublicKey(text)).toEqual({ ok: true, publicKey: spki });
  });

  it.each([
    ["P-384", "secp384r1"],
    ["P-521", "secp521r1"],
    ["secp256k1", "secp256k1"],
  ])("on %s is refused, naming the curve", (name, curve) => {
    expect(reasonOf(base64Of(onCurve(curve)))).toContain(`on ${name}`);
  });

  it("of another type is refused, naming the type", () => {
    expect(reasonOf(base64Of(generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey))).toContain("type rsa");
    expect(reasonOf(base64Of(generateKeyPairSync("ed25519").publicKey))).toContain("type ed25519");
  });

  it("that is in truth a private key is refused without repeating a byte of it", () => {
    const secret = pair.privateKey.export({ format: "pem", type: "pkcs8" }).toString();
    const reason = reasonOf(secret);
    expect(reason).toContain("private key");
    expect(reason).not.toContain(secret.split("\n")[1]);
  });

  it.each([
    [
      "PEM garbage",
      "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
      "a PEM PUBLIC KEY that holds no valid",
    ],
    ["a PEM without its first line", pem.split("\n").slice(1).join("\n"), "without its BEGIN"],
    ["a certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "a PEM CERTIFICATE"],
    ["no base64", "not base64!", "no base64"],
    ["a cut key", spki.slice(0, 60), "no valid public key"],
    ["a point beside the curve", Buffer.alloc(64, 1).toString("base64"), "X‖Y that holds no valid"],
  ])("%s is refused, and the reason says what came and what was expected", (_name, text, part) => {
    expect(reasonOf(text)).toContain(part);
  });

  it("with any bit of its header or length flipped is refused or stays the same key, never another", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 27 * 8 - 1 }), (bit) => {
        const bent = Buffer.from(der);
        bent[bit >> 3] = (bent[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const key = normalisePublicKey(bent.toString("base64"));
        return !key.ok || key.publicKey === spki;
      }),
    );
  });

  it("of any text never throws", () => {
    fc.assert(fc.property(fc.string(), (text) => typeof normalisePublicKey(text).ok === "boolean"));
  });

  it("has an id that is the SHA-256 of its DER, whatever form it was declared in", () => {
    const { x = "", y = "" } = createPublicKey(pem).export({ format: "jwk" });
    const point = Buffer.concat([Buffer.from(x, "base64url"), Buffer.from(y, "base64url")]).toString("base64");
    const normal = normalisePublicKey(point);
    expect(normal.ok && keyIdOf(normal.publicKey)).toBe(keyIdOf(spki));
    expect(keyIdOf(spki)).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });
});
