import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { ALGORITHMS } from "../../../../providers/hanko/authenticator/algorithms.js";
import { createCredential } from "../../../../providers/hanko/authenticator/createCredential.js";
import type { CredentialSource } from "../../../../providers/hanko/authenticator/credential.js";
import { getAssertion } from "../../../../providers/hanko/authenticator/getAssertion.js";
import type {
  AuthenticationResponse,
  RegistrationResponse,
} from "../../../../providers/hanko/authenticator/responses.js";
import {
  bitsOf,
  credentialWith,
  isTaken,
  judgeLogin,
  judgeRegistration,
  loginOptions,
  ORIGIN,
  registrationOptions,
  withFlippedBit,
} from "./_ceremony.js";
import { isStrictAttestation, isStrictSignature } from "./_strictForm.js";

// Every bit of the short responses; of the long ones of RSA every 13th, which meets each of their parts.
describe.each([
  ["ES256", 1],
  ["EdDSA", 1],
  ["RS256", 13],
  ["PS256", 13],
] as const)("a response signed with %s", (algorithm, step) => {
  let credential: CredentialSource;
  let registration: RegistrationResponse;
  let registrationChallenge: string;
  let login: AuthenticationResponse;
  let loginChallenge: string;
  let publicKey: Uint8Array<ArrayBuffer>;

  beforeAll(async () => {
    credential = await credentialWith(algorithm, { attestation: "packed" });
    const options = await registrationOptions();
    registrationChallenge = options.challenge;
    registration = createCredential(options, credential, { origin: ORIGIN, signCount: 0 });
    const { registrationInfo } = await judgeRegistration(registration, options.challenge);
    publicKey = registrationInfo?.credential.publicKey ?? expect.unreachable("the registration is good");
    const request = await loginOptions();
    loginChallenge = request.challenge;
    login = getAssertion(request, credential, { origin: ORIGIN, signCount: 1 });
  });

  it("is in the strict form that every flipped bit is measured against", () => {
    const { attestationObject } = registration.response;
    expect(isStrictAttestation(attestationObject, algorithm, ALGORITHMS[algorithm].cose)).toBe(true);
    expect(isStrictSignature(Buffer.from(login.response.signature, "base64url"), algorithm)).toBe(true);
  });

  it.each(["clientDataJSON", "attestationObject"] as const)(
    "is refused at the registration with any bit of its %s flipped",
    async (field) => {
      const genuine = registration.response[field];
      const taken: number[] = [];
      for (let bit = 0; bit < bitsOf(genuine); bit += step) {
        const bent = { ...registration, response: { ...registration.response, [field]: withFlippedBit(genuine, bit) } };
        if (!isStrictAttestation(bent.response.attestationObject, algorithm, ALGORITHMS[algorithm].cose)) continue;
        if (await isTaken(judgeRegistration(bent, registrationChallenge))) taken.push(bit);
      }
      expect(taken).toEqual([]);
    },
  );

  it.each(["clientDataJSON", "authenticatorData", "signature"] as const)(
    "is refused at the login with any bit of its %s flipped",
    async (field) => {
      const genuine = login.response[field];
      const taken: number[] = [];
      for (let bit = 0; bit < bitsOf(genuine); bit += step) {
        const bent = { ...login, response: { ...login.response, [field]: withFlippedBit(genuine, bit) } };
        if (!isStrictSignature(Buffer.from(bent.response.signature, "base64url"), algorithm)) continue;
        const known = { id: credential.id, publicKey, counter: 0 };
        if (await isTaken(judgeLogin(bent, loginChallenge, known))) taken.push(bit);
      }
      expect(taken).toEqual([]);
    },
  );
});

describe("a login", () => {
  it.each(["ES256", "EdDSA"] as const)("with %s is taken for any challenge, port and counter", async (algorithm) => {
    const credential = await credentialWith(algorithm);
    const options = await registrationOptions();
    const registration = createCredential(options, credential, { origin: ORIGIN, signCount: 0 });
    const { registrationInfo } = await judgeRegistration(registration, options.challenge);
    const known = registrationInfo?.credential ?? expect.unreachable("the registration is good");
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 100 }),
        fc.integer({ min: 1, max: 2 ** 31 - 1 }),
        async (challengeBytes, signCount) => {
          const challenge = Buffer.from(challengeBytes).toString("base64url");
          const login = getAssertion(
            { challenge },
            { ...credential, rpId: "login.example.com" },
            { origin: ORIGIN, signCount },
          );
          const inDomain = getAssertion({ challenge, rpId: "example.com" }, credential, { origin: ORIGIN, signCount });
          expect(await isTaken(judgeLogin(inDomain, challenge, known))).toBe(true);
          // Signed for the host itself, which is another relying party.
          expect(await isTaken(judgeLogin(login, challenge, known))).toBe(false);
        },
      ),
      { numRuns: 50 },
    );
  });
});
