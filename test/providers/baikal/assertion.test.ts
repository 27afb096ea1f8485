/** The assertion of a jwt-bearer grant, claim by claim, as a verifier of another library reads it. */
import { generateKeyPairSync } from "node:crypto";
import { compactVerify, decodeProtectedHeader, jwtVerify } from "jose";
import { describe, expect, it } from "vitest";
import { signAssertion } from "../../../providers/baikal/assertion.js";
import { ISSUER, P256, RSA, refusalOf } from "./_authserver.js";

const nowMs = Date.parse("2026-01-05T00:00:00.999Z");
const SECOND = Math.floor(nowMs / 1000);
const AUDIENCE = "https://auth.example/";
const sound = {
  privateKey: RSA.privateKey,
  alg: "RS256",
  issuer: ISSUER,
  audience: AUDIENCE,
  nowMs,
  sub: "ada",
} as const;

describe("an assertion", () => {
  it("has the contract's claims and no others, scope and purpose empty where nothing is asked for", async () => {
    const assertion = await signAssertion(sound);
    const { payload } = await compactVerify(assertion, RSA.publicKey);
    expect(JSON.parse(new TextDecoder().decode(payload))).toEqual({
      ...{ sub: "ada", active: true, scope: "", purpose: "" },
      ...{ iat: SECOND, exp: SECOND + 3600, iss: ISSUER, aud: AUDIENCE },
    });
    expect(decodeProtectedHeader(assertion)).toEqual({ alg: "RS256", typ: "JWT" });
  });

  it("carries what else a grant may say, lists joined by spaces", async () => {
    const assertion = await signAssertion({
      ...sound,
      ...{ privateKey: P256.privateKey, alg: "ES256", kid: "k", lifeSeconds: 60, scope: ["a", "b"], purpose: "c d" },
      authorizationId: "3f0a2b52-6a6b-4a5e-9a59-0f4b8a5f3c11",
      identifier: { id: "+34600000000", type: "phone_number" },
      acr: "2",
      authenticationContext: [{ identifier: "ada@example.com", type: "email" }],
    });
    const { payload, protectedHeader } = await jwtVerify(assertion, P256.publicKey, { currentDate: new Date(nowMs) });
    expect(protectedHeader).toEqual({ alg: "ES256", typ: "JWT", kid: "k" });
    expect(payload).toEqual({
      ...{ sub: "ada", active: true, scope: "a b", purpose: "c d", iat: SECOND, exp: SECOND + 60 },
      ...{ iss: ISSUER, aud: AUDIENCE, acr: "2", authorization_id: "3f0a2b52-6a6b-4a5e-9a59-0f4b8a5f3c11" },
      identifier: { id: "+34600000000", type: "phone_number" },
      authentication_context: [{ identifier: "ada@example.com", type: "email" }],
    });
  });

  it("is signed with a key given as PEM", async () => {
    const pem = String(RSA.privateKey.export({ format: "pem", type: "pkcs8" }));
    await compactVerify(await signAssertion({ ...sound, privateKey: pem }), RSA.publicKey);
  });

  it.each([
    ["a P-384 key", generateKeyPairSync("ec", { namedCurve: "P-384" }).privateKey, "ES256", "P-384"],
    ["an RSA key of 1024 bits", generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey, "RS256", "1024 bits"],
    ["a key of the other algorithm", RSA.privateKey, "ES256", "signs by RS256"],
    ["a public key", P256.publicKey, "ES256", "no private key"],
    ["text that is no key", "-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----", "RS256", "can't be read"],
  ] as const)("is never signed with %s", async (_, privateKey, alg, why) => {
    const error = await refusalOf(signAssertion({ ...sound, privateKey, alg }));
    expect(error).toMatchObject({ code: "ERR_AUTHN_INPUT" });
    expect(error.message).toContain(why);
    expect(error.message).not.toContain("canary");
  });
});
