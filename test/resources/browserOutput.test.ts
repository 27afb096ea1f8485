import { describe, expect, test } from "vitest";
import { browserOutput, type CredentialOutputs } from "../../src/resources/browserOutput.js";

const now = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

// "-_8" and "+/8=" are the same two bytes.
const outputs: CredentialOutputs = {
  credentialId: "-_8",
  rpId: "example.com",
  userHandle: "YWRh",
  privateKey: "+/8=",
  publicKey: "/+8=",
  signCount: 0,
  username: "ada",
  displayName: undefined,
  residentKey: undefined,
  backupEligible: undefined,
};
const counter = (signCount: number, at: number) =>
  browserOutput({ ...outputs, signCount }, at)?.devTools.signCount ?? -1;

describe("a credential's outputs, as a browser takes them", () => {
  test("are those of a phone's or computer's own authenticator, unless declared otherwise", () => {
    expect(browserOutput(outputs, now)).toMatchObject({
      playwright: {
        rpId: "example.com",
        options: { id: "-_8", userHandle: "YWRh", privateKey: "-_8", publicKey: "_-8" },
      },
      devTools: {
        credentialId: "+/8=",
        privateKey: "+/8=",
        isResidentCredential: true,
        backupEligibility: false,
        backupState: false,
        userName: "ada",
        userDisplayName: "ada",
      },
    });
    const declared = { displayName: "Ada", residentKey: "discouraged", backupEligible: true };
    expect(browserOutput({ ...outputs, ...declared }, now)?.devTools).toMatchObject({
      isResidentCredential: false,
      backupEligibility: true,
      userDisplayName: "Ada",
    });
  });

  test("count on from the clock, and never from below the last signature", () => {
    const first = counter(0, now);
    expect(counter(0, now + 1000)).toBe(first + 1);
    expect(counter(first + 500, now)).toBe(first + 500);
    expect(counter(0, Date.UTC(2200, 0))).toBe(2 ** 31 - 1);
  });

  test("of a credential that was never registered are none", () => {
    expect(browserOutput({ ...outputs, credentialId: undefined }, now)).toBeUndefined();
  });
});
