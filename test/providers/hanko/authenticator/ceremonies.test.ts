import { createPublicKey } from "node:crypto";
import { describe, expect, it } from "vitest";
import { ALGORITHMS } from "../../../../providers/hanko/authenticator/algorithms.js";
import { createCredential } from "../../../../providers/hanko/authenticator/createCredential.js";
import type { Authenticator } from "../../../../providers/hanko/authenticator/credential.js";
import { getAssertion } from "../../../../providers/hanko/authenticator/getAssertion.js";
import { spkiOf } from "../../../../providers/hanko/authenticator/keys.js";
import {
  ALL_ALGORITHMS,
  credentialWith,
  isTaken,
  judgeLogin,
  judgeRegistration,
  loginOptions,
  ORIGIN,
  registrationOptions,
} from "./_ceremony.js";

const FLAG_SETS: Partial<Authenticator>[] = [true, false].flatMap((userPresence) =>
  [true, false].flatMap((userVerification) =>
    [
      { backupEligible: false, backedUp: false },
      { backupEligible: true, backedUp: false },
      { backupEligible: true, backedUp: true },
    ].map((backup) => ({ userPresence, userVerification, ...backup })),
  ),
);
const AAGUID = "ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4";

describe.each(ALL_ALGORITHMS)("a relying party with a credential of %s", (algorithm) => {
  describe.each(["none", "packed"] as const)("and attestation %s", (attestation) => {
    it.each(FLAG_SETS)("takes its registration and its login, and sees the flags %o", async (flags) => {
      const credential = await credentialWith(algorithm, { ...flags, attestation, aaguid: AAGUID });
      const options = await registrationOptions();
      const registration = createCredential(options, credential, { origin: ORIGIN, signCount: 4 });

      const asked = { userPresence: flags.userPresence ?? true, userVerification: flags.userVerification ?? true };
      const { verified, registrationInfo } = await judgeRegistration(registration, options.challenge, asked);
      expect(verified).toBe(true);
      expect(registrationInfo).toMatchObject({
        fmt: attestation,
        aaguid: AAGUID,
        credential: { id: credential.id, counter: 4 },
        userVerified: flags.userVerification,
        credentialDeviceType: flags.backupEligible ? "multiDevice" : "singleDevice",
        credentialBackedUp: flags.backedUp,
      });
      if (!flags.userPresence)
        expect(
          await isTaken(judgeRegistration(registration, options.challenge, { ...asked, userPresence: true })),
        ).toBe(false);
      if (!flags.userVerification)
        expect(
          await isTaken(judgeRegistration(registration, options.challenge, { ...asked, userVerification: true })),
        ).toBe(false);

      const known = registrationInfo?.credential ?? expect.unreachable("a verified registration has a credential");
      const request = await loginOptions({ allowCredentials: [{ id: credential.id }] });
      const login = getAssertion(request, credential, { origin: ORIGIN, signCount: 5 });
      const verdict = judgeLogin(login, request.challenge, known, flags.userVerification);
      // Nobody logs in without a gesture.
      if (!flags.userPresence) return expect(await isTaken(verdict)).toBe(false);
      expect(await verdict).toMatchObject({
        verified: true,
        authenticationInfo: { newCounter: 5, userVerified: flags.userVerification, credentialBackedUp: flags.backedUp },
      });
      // The counter stands still.
      expect(
        await isTaken(judgeLogin(login, request.challenge, { ...known, counter: 5 }, flags.userVerification)),
      ).toBe(false);
    });
  });

  it("finds the public key in the response as it is in the attested data", async () => {
    const credential = await credentialWith(algorithm);
    const { response } = createCredential(await registrationOptions(), credential, { origin: ORIGIN, signCount: 0 });
    expect(response.publicKeyAlgorithm).toBe(ALGORITHMS[algorithm].cose);
    expect(response.publicKey).toBe(spkiOf(createPublicKey(credential.privateKey)).toString("base64url"));
    expect(
      Buffer.from(response.attestationObject, "base64url").includes(
        Buffer.from(response.authenticatorData, "base64url"),
      ),
    ).toBe(true);
  });
});

describe("a response of the authenticator", () => {
  it("has the client data of a browser, byte for byte", async () => {
    const options = { ...(await registrationOptions()), challenge: "AAECAw==" };
    const credential = await credentialWith();
    const { response } = createCredential(options, credential, { origin: ORIGIN, signCount: 0 });
    expect(Buffer.from(response.clientDataJSON, "base64url").toString()).toBe(
      '{"type":"webauthn.create","challenge":"AAECAw","origin":"https://login.example.com","crossOrigin":false}',
    );
    const framed = { origin: ORIGIN, crossOrigin: true, signCount: 0 };
    const login = getAssertion({ ...(await loginOptions()), challenge: "AAECAw" }, credential, framed);
    expect(Buffer.from(login.response.clientDataJSON, "base64url").toString()).toBe(
      '{"type":"webauthn.get","challenge":"AAECAw","origin":"https://login.example.com","crossOrigin":true}',
    );
  });

  it("lists its transports in order and tells of a resident key where it is asked", async () => {
    const credential = await credentialWith("ES256", {
      transports: ["usb", "nfc", "ble"],
      attachment: "cross-platform",
    });
    const options = await registrationOptions();
    const asked = createCredential(options, credential, { origin: ORIGIN, signCount: 0 });
    expect(asked.response.transports).toEqual(["ble", "nfc", "usb"]);
    expect(asked.authenticatorAttachment).toBe("cross-platform");
    expect(asked.clientExtensionResults).toEqual({ credProps: { rk: true } });
    const unasked = createCredential({ ...options, extensions: {} }, credential, { origin: ORIGIN, signCount: 0 });
    expect(unasked.clientExtensionResults).toEqual({});
  });

  it("carries the outputs of authenticator extensions, signed with the rest", async () => {
    const credential = await credentialWith("ES256", { attestation: "packed" });
    const options = await registrationOptions();
    const ceremony = { origin: ORIGIN, signCount: 0, extensions: { credProtect: 2 } };
    const { verified, registrationInfo } = await judgeRegistration(
      createCredential(options, credential, ceremony),
      options.challenge,
    );
    expect(verified).toBe(true);
    expect(registrationInfo?.authenticatorExtensionResults).toEqual({ credProtect: 2 });
  });

  it("gives the user's handle at a login that names no credential", async () => {
    const credential = await credentialWith();
    const request = await loginOptions();
    const login = getAssertion(request, credential, { origin: ORIGIN, signCount: 1 });
    expect(Buffer.from(login.response.userHandle, "base64url").toString()).toBe("ada/ü");
  });

  it("has no user verification where the relying party discourages it", async () => {
    const options = await registrationOptions({ authenticatorSelection: { userVerification: "discouraged" } });
    const registration = createCredential(options, await credentialWith(), { origin: ORIGIN, signCount: 0 });
    expect(await isTaken(judgeRegistration(registration, options.challenge))).toBe(false);
    expect(await isTaken(judgeRegistration(registration, options.challenge, { userVerification: false }))).toBe(true);
  });
});
