/** A relying party of the tests' own, judged by @simplewebauthn/server, and credentials for it; a key pair is made once a file. */
import type { KeyObject } from "node:crypto";
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from "@simplewebauthn/server";
import { ALGORITHMS } from "../../../../providers/hanko/authenticator/algorithms.js";
import {
  type Authenticator,
  type CredentialSource,
  credentialIdFrom,
  PLATFORM_AUTHENTICATOR,
} from "../../../../providers/hanko/authenticator/credential.js";
import { generateKey } from "../../../../providers/hanko/authenticator/keys.js";
import { creationOptions, requestOptions } from "../../../../providers/hanko/authenticator/options.js";
import type {
  AuthenticationResponse,
  RegistrationResponse,
} from "../../../../providers/hanko/authenticator/responses.js";
import { type HankoAlgorithm, hankoAlgorithm } from "../../../../providers/hanko/inputs.js";

export const ORIGIN = "https://login.example.com";
export const RP_ID = "example.com";
export const USER_ID = "ada/ü";
export const ALL_ALGORITHMS = hankoAlgorithm.options;
const ALL_COSE = ALL_ALGORITHMS.map((name) => ALGORITHMS[name].cose);

const keys = new Map<string, Promise<KeyObject>>();

/** All RSA algorithms share one pair: making one is slow. */
function keyFor(algorithm: HankoAlgorithm): Promise<KeyObject> {
  const { key } = ALGORITHMS[algorithm];
  const name = key.type === "rsa" ? "rsa" : algorithm;
  const known = keys.get(name) ?? generateKey(algorithm);
  keys.set(name, known);
  return known;
}

export async function credentialWith(
  algorithm: HankoAlgorithm = "ES256",
  authenticator: Partial<Authenticator> = {},
): Promise<CredentialSource> {
  return {
    id: credentialIdFrom(Buffer.alloc(32, 0xa5)),
    algorithm,
    privateKey: await keyFor(algorithm),
    authenticator: { ...PLATFORM_AUTHENTICATOR, ...authenticator },
    rpId: RP_ID,
    userHandle: Buffer.from(USER_ID, "utf8").toString("base64url"),
  };
}

type RegistrationRequest = Partial<Parameters<typeof generateRegistrationOptions>[0]>;

export async function registrationOptions(request: RegistrationRequest = {}) {
  return creationOptions.parse(
    await generateRegistrationOptions({
      rpName: "Example",
      rpID: RP_ID,
      userName: "ada",
      userID: new Uint8Array(Buffer.from(USER_ID, "utf8")),
      supportedAlgorithmIDs: ALL_COSE,
      authenticatorSelection: { userVerification: "preferred" },
      ...request,
    }),
  );
}

export async function loginOptions(request: Partial<Parameters<typeof generateAuthenticationOptions>[0]> = {}) {
  return requestOptions.parse(await generateAuthenticationOptions({ rpID: RP_ID, ...request }));
}

export function judgeRegistration(
  response: RegistrationResponse,
  challenge: string,
  required: { userPresence?: boolean; userVerification?: boolean } = {},
) {
  return verifyRegistrationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: ORIGIN,
    expectedRPID: RP_ID,
    requireUserPresence: required.userPresence ?? true,
    requireUserVerification: required.userVerification ?? true,
    supportedAlgorithmIDs: ALL_COSE,
  });
}

export function judgeLogin(
  response: AuthenticationResponse,
  challenge: string,
  credential: { id: string; publicKey: Uint8Array<ArrayBuffer>; counter: number },
  requireUserVerification = true,
) {
  return verifyAuthenticationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: ORIGIN,
    expectedRPID: RP_ID,
    credential,
    requireUserVerification,
  });
}

/** Whether the relying party takes it; a judge that throws refuses. */
export async function isTaken(verdict: Promise<{ verified: boolean }>): Promise<boolean> {
  try {
    return (await verdict).verified;
  } catch {
    return false;
  }
}

/** The base64url text with one bit of its bytes flipped. */
export function withFlippedBit(base64url: string, bit: number): string {
  const bytes = Buffer.from(base64url, "base64url");
  bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return bytes.toString("base64url");
}

export function bitsOf(base64url: string): number {
  return Buffer.from(base64url, "base64url").length * 8;
}
