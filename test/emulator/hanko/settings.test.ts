import { expect, test } from "vitest";
import { startTenant } from "../../../emulator/testing.js";
import { hankoTenant } from "./_setup.js";

test.each<[object, RegExp]>([
  [{ rpID: "localhost" }, /hanko\.rpID: is not known here/],
  [{ rpId: "https://example.com", origins: ["https://example.com"] }, /hanko\.rpId: must be a domain/],
  [{ rpId: "example.com" }, /hanko\.origins: must be given/],
  [{ rpId: "example.com", origins: ["https://example.org"] }, /hanko\.origins: must be at rpId or below it/],
  [{ rpId: "example.com", origins: ["https://badexample.com"] }, /hanko\.origins: must be at rpId or below it/],
  [{ origins: ["http://localhost:80/"] }, /hanko\.origins\.0: must be http or https/],
  [{ origins: [] }, /hanko\.origins/],
  [{ userVerification: "always" }, /hanko\.userVerification: must be one of required, preferred, discouraged/],
  [{ timeoutMs: 1 }, /hanko\.timeoutMs: must be a whole number/],
])("a tenant can't be started with Hanko's settings %j", async (hanko, expected) => {
  await expect(startTenant({ hanko })).rejects.toThrow(expected);
});

test("settings show in the record and in what browsers are asked", async () => {
  const settings = {
    rpId: "example.com",
    rpName: "Acme",
    origins: ["https://login.example.com", "https://example.com:8443"],
    residentKey: "preferred",
    attestation: "direct",
    userVerification: "discouraged",
    timeoutMs: 10_000,
  } as const;
  const { hanko, begin, register, signIn } = await hankoTenant(settings);
  expect(hanko).toMatchObject({ rpId: "example.com", origin: "https://login.example.com" });
  expect((await begin("ada")).body).toMatchObject({
    publicKey: {
      rp: { id: "example.com", name: "Acme" },
      attestation: "direct",
      authenticatorSelection: { residentKey: "preferred", requireResidentKey: false, userVerification: "discouraged" },
    },
  });
  expect((await signIn(await register("ada"))).status).toBe(200);
});
