import { describe, expect, it } from "vitest";
import { breaksPasskeyLogin, hankoCredentialInputs } from "../../../providers/hanko/inputs.js";

const owner = { project: "p", stack: "s", type: "t", name: "n" };
const least = { userId: "ada", username: "ada", owner };

/** Property and reason of each fault. */
function faultsOf(inputs: Record<string, unknown>): string[] {
  const parsed = hankoCredentialInputs.safeParse({ ...least, ...inputs });
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
}

const emoji = (count: number) => "😀".repeat(count);

describe("the inputs of a HankoCredential", () => {
  it("need a user, all else has a default", () => {
    expect(faultsOf({})).toEqual([]);
    expect(faultsOf({ userId: undefined, username: undefined })).toHaveLength(2);
  });

  it.each([
    { userId: "x".repeat(255) },
    { userId: emoji(255) },
    { username: "x".repeat(128) },
    { username: emoji(128) },
    { displayName: "Ada\nLovelace" },
    { name: " " },
    { name: "x".repeat(255) },
    { algorithm: "PS256" },
    { attestation: "packed" },
    { transports: [] },
    { transports: ["usb", "nfc", "ble", "smart-card", "hybrid", "internal"] },
    { aaguid: "00000000-0000-0000-0000-000000000000" },
    { aaguid: "EA9B8D66-4D01-1D21-3CE4-B6B48CB575D4" },
    { signCount: 2 ** 31 - 1 },
    { rpId: "localhost", origin: "http://localhost:8080" },
    { rpId: "xn--bcher-kva.example", origin: "https://xn--bcher-kva.example" },
    { residentKey: "discouraged", userVerification: "required", attachment: "cross-platform" },
    { backupEligible: true, prove: false, generation: 2, adopt: "always", onDelete: "retain" },
  ])("may be %j", (inputs) => {
    expect(faultsOf(inputs)).toEqual([]);
  });

  it.each([
    ["userId", "", "empty"],
    ["userId", "x".repeat(256), "at most 255"],
    ["userId", emoji(256), "at most 255"],
    ["userId", "a\0b", "NUL"],
    ["userId", "\ud83d", "surrogate"],
    ["userId", 7, "text"],
    ["username", "x".repeat(129), "at most 128"],
    ["username", "a\0", "NUL"],
    ["displayName", "x".repeat(129), "at most 128"],
    ["displayName", "\0", "NUL"],
    ["name", "", "empty"],
    ["name", "x".repeat(256), "at most 255"],
    ["name", "a\0b", "NUL"],
    ["algorithm", "ES256K", "ES256, EdDSA"],
    ["attestation", "direct", '"packed"'],
    ["residentKey", true, '"preferred"'],
    ["userVerification", "always", '"discouraged"'],
    ["attachment", "usb", '"cross-platform"'],
    ["transports", "usb", "a list"],
    ["transports", ["usb", "nfc", "usb"], "twice"],
    ["aaguid", "ea9b8d664d011d213ce4b6b48cb575d4", "UUID"],
    ["aaguid", "ea9b8d66-4d01-1d21-3ce4-b6b48cb575dg", "UUID"],
    ["signCount", 2 ** 31, "2147483647"],
    ["signCount", -1, "0 or more"],
    ["signCount", 1.5, "whole"],
    ["backupEligible", "yes", "true or false"],
    ["prove", 1, "true or false"],
    ["rpId", "https://example.com", "domain"],
    ["rpId", "Example.com", "lower case"],
    ["rpId", "127.0.0.1", "domain"],
    ["rpId", "example.com:443", "domain"],
    ["rpId", "example..com", "domain"],
    ["origin", "https://example.com/", "origin"],
    ["origin", "https://example.com/login", "origin"],
    ["origin", "HTTPS://example.com", "origin"],
    ["origin", "https://example.com:443", "origin"],
    ["origin", "ftp://example.com", "origin"],
    ["origin", "example.com", "origin"],
    ["generation", 0, "1 or more"],
  ])("are refused for %s %j, and the reason says so", (property, value, part) => {
    const faults = faultsOf({ [property]: value });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(new RegExp(`^${property}: `));
    expect(faults[0]).toContain(part);
  });

  it("are refused for a transport that WebAuthn doesn't know", () => {
    expect(faultsOf({ transports: ["usb", "cable"] })).toEqual([expect.stringMatching(/^transports\.1: .*smart-card/)]);
  });

  it("are refused for a property that isn't one", () => {
    expect(faultsOf({ colour: "red" })).toHaveLength(1);
  });
});

describe("a user id", () => {
  it("of exactly 16 bytes in UTF-8 breaks a login at the Passkey API", () => {
    expect(breaksPasskeyLogin("0123456789abcdef")).toBe(true);
    expect(breaksPasskeyLogin("ü".repeat(8))).toBe(true);
    expect(breaksPasskeyLogin("ü".repeat(16))).toBe(false);
    expect(breaksPasskeyLogin("0123456789abcde")).toBe(false);
    expect(breaksPasskeyLogin("0123456789abcdef0")).toBe(false);
  });
});
