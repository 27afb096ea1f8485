import { createPrivateKey, createPublicKey } from "node:crypto";
import { describe, expect, it } from "vitest";
import { browserCredential, signCountAt } from "../../../../providers/hanko/authenticator/browserCredential.js";
import type { Authenticator } from "../../../../providers/hanko/authenticator/credential.js";
import { pkcs8Of, spkiOf } from "../../../../providers/hanko/authenticator/keys.js";
import { credentialWith } from "./_ceremony.js";

/** A credential with its keys as text. */
async function written(authenticator: Partial<Authenticator> = {}) {
  const { privateKey, authenticator: model, ...rest } = await credentialWith("ES256", authenticator);
  return {
    ...rest,
    ...model,
    privateKey: pkcs8Of(privateKey).toString("base64"),
    publicKey: spkiOf(createPublicKey(privateKey)).toString("base64"),
    user: { name: "ada", displayName: "Ada Lovelace" },
  };
}
const BASE64URL = /^[A-Za-z0-9_-]+$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

describe("the credential for a test browser", () => {
  it("is for Playwright unpadded base64url, and the two keys are a pair", async () => {
    const credential = await written();
    const { playwright } = browserCredential(credential, 9);
    expect(playwright.rpId).toBe("example.com");
    const { signCount, ...texts } = playwright.options;
    for (const text of Object.values(texts)) expect(text).toMatch(BASE64URL);
    expect(signCount).toBe(9);
    const privateKey = createPrivateKey({
      key: Buffer.from(playwright.options.privateKey, "base64url"),
      format: "der",
      type: "pkcs8",
    });
    const spki = createPublicKey(privateKey).export({ format: "der", type: "spki" });
    expect(playwright.options.publicKey).toBe(spki.toString("base64url"));
    expect(playwright.options.id).toBe(credential.id);
    expect(Buffer.from(playwright.options.userHandle, "base64url").toString()).toBe("ada/ü");
  });

  it("is for the DevTools protocol padded standard base64, with the same bytes", async () => {
    const credential = await written({ backupEligible: true, backedUp: true });
    const { playwright, devTools } = browserCredential(credential, 9);
    const { credentialId, userHandle, privateKey, ...rest } = devTools;
    for (const [text, base64url] of [
      [credentialId, playwright.options.id],
      [userHandle, playwright.options.userHandle],
      [privateKey, playwright.options.privateKey],
    ] as const) {
      expect(text).toMatch(BASE64);
      expect(Buffer.from(text, "base64").toString("base64url")).toBe(base64url);
    }
    expect(rest).toEqual({
      isResidentCredential: true,
      rpId: "example.com",
      signCount: 9,
      backupEligibility: true,
      backupState: true,
      userName: "ada",
      userDisplayName: "Ada Lovelace",
    });
  });

  it("counts with the clock, within what the service stores", () => {
    const now = Date.UTC(2026, 5, 1);
    expect(signCountAt(now + 1_000)).toBe(signCountAt(now) + 1);
    expect(signCountAt(now)).toBeGreaterThan(0);
    expect(signCountAt(0)).toBe(0);
    expect(signCountAt(Date.UTC(2087, 0, 1))).toBeLessThan(2 ** 31 - 1);
    expect(signCountAt(Date.UTC(2200, 0, 1))).toBe(2 ** 31 - 1);
  });
});
