/** The canary tests are worth what their search finds: a planted leak in each encoding, cut off, and inside of others. */
import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { findLeaks, formsOf, privateParts } from "./_canaries.js";

const secret = 'tök"en/canary+4711\n~ with more behind it';
const canaries = new Map<string, string | Buffer>([
  ["the token", secret],
  ["the other", "other-canary-0815-0815"],
]);
const found = (text: string) => findLeaks(canaries, new Map([["log.txt", text]]));
const bytes = Buffer.from(secret);

/** As programs write it, and not as the search makes its forms. */
const planted: readonly (readonly [string, string])[] = [
  ["as it is", secret],
  ["as UTF-8 bytes read as latin1", bytes.toString("latin1")],
  ["in base64", bytes.toString("base64")],
  ["in base64url", bytes.toString("base64url")],
  ["in hex", bytes.toString("hex")],
  ["in upper-case hex", bytes.toString("hex").toUpperCase()],
  ["as a part of a URL", `https://example.com/${encodeURIComponent(secret)}?x`],
  ["in a URL's query", `https://example.com/?${new URLSearchParams({ q: secret })}`],
  ["in JSON", JSON.stringify({ secret })],
  ["in JSON in JSON", JSON.stringify(JSON.stringify({ secret }))],
  ["in Go's JSON, all ASCII", String.raw`"t\u00f6k\"en/canary+4711\n~ with`],
  ["as a Buffer in JSON", JSON.stringify(bytes)],
  ["in the credentials of Basic", `Basic ${Buffer.from(`client:${secret}`).toString("base64")}`],
  ["inside of other base64, one byte in", Buffer.from(`a${secret}bc`).toString("base64")],
  ["inside of other base64, two bytes in", Buffer.from(`ab${secret}c`).toString("base64url")],
  ["inside of JSON in base64", Buffer.from(JSON.stringify({ ab: "other-canary-0815-0815" })).toString("base64")],
  ["with its first sixteen characters only", secret.slice(0, 16)],
  ["with its end only", secret.slice(-16)],
  ["with the beginning of its base64 only", bytes.toString("base64").slice(0, 16)],
];

describe("the search for canaries", () => {
  it.each(planted)("finds a secret %s, in the middle of other text", (_, text) => {
    expect(found(`2026-01-01 error: ${text}… and so on`)).not.toEqual([]);
  });

  it("names the secret, the place and the form", () => {
    expect(found(`x ${bytes.toString("hex")}`)).toEqual(["log.txt holds the token, as hex"]);
  });

  it("finds nothing where only the half of sixteen characters, or other text, stands", () => {
    expect(found(`${secret.slice(0, 8)} other-canary ${secret.slice(8, 14)}`)).toEqual([]);
  });

  it("finds a picture's bytes as they are and in base64", () => {
    const picture = Buffer.from(Array.from({ length: 300 }, (_, index) => (index * 37) % 251));
    const canary = new Map([["the picture", picture.subarray(100, 140)]]);
    for (const encoding of ["latin1", "base64", "hex"] as const)
      expect(findLeaks(canary, new Map([["a file", picture.toString(encoding)]])), encoding).not.toEqual([]);
  });

  it.each([
    ["P-256", () => generateKeyPairSync("ec", { namedCurve: "P-256" })],
    ["Ed25519", () => generateKeyPairSync("ed25519")],
    ["RSA", () => generateKeyPairSync("rsa", { modulusLength: 2048 })],
  ])("finds a private key of %s as PEM, DER and JWK", (_, generate) => {
    const { privateKey, publicKey } = generate();
    const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    const der = privateKey.export({ type: "pkcs8", format: "der" });
    const parts = new Map(privateParts("the key", pem));
    expect(new Map(privateParts("the key", der.toString("base64")))).toEqual(parts);
    const jwk = JSON.stringify(privateKey.export({ format: "jwk" }));
    for (const text of [pem, JSON.stringify(pem), der.toString("base64"), der.toString("hex"), jwk])
      expect(findLeaks(parts, new Map([["a file", text]]))).not.toEqual([]);
    const open = JSON.stringify([
      publicKey.export({ format: "jwk" }),
      publicKey.export({ type: "spki", format: "pem" }),
    ]);
    expect(findLeaks(parts, new Map([["a file", open]]))).toEqual([]);
  });

  it("has at least a dozen forms of a text, all of which differ where the text does", () => {
    const forms = formsOf(secret);
    expect(forms.size).toBeGreaterThanOrEqual(12);
    for (const [form, text] of formsOf("another-canary-entirely")) expect(forms.get(form)).not.toBe(text);
  });
});
