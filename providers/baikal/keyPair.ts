/** The ring's key pairs: always random, one type a ring, kid by RFC 7638 (contracts/baikal.md, "Client keys"). */
import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import { calculateJwkThumbprint } from "jose";
import type { BaikalAlgorithm } from "./inputs.js";
import type { NewKey } from "./ring/transitions.js";
import { publicJwk, requiredMembers } from "./signingKey.js";

export interface KeyPair extends NewKey {
  /** PKCS#8 PEM. */
  readonly pem: string;
}

// Not the synchronous one: an RSA key takes a second at times, and other resources must not wait for it.
const generate = promisify(generateKeyPair);

export async function newKeyPair(algorithm: BaikalAlgorithm, modulusLength: number): Promise<KeyPair> {
  const { privateKey } =
    algorithm === "RS256" ? await generate("rsa", { modulusLength }) : await generate("ec", { namedCurve: "P-256" });
  return await keyPairOf(privateKey);
}

/** @param pem of a key that `initialKeyFault` found sound */
export async function givenKeyPair(pem: string): Promise<KeyPair> {
  return await keyPairOf(createPrivateKey(pem));
}

async function keyPairOf(privateKey: KeyObject): Promise<KeyPair> {
  const publicKey = createPublicKey(privateKey);
  const kid = await calculateJwkThumbprint({ ...requiredMembers(publicKey) });
  return {
    kid,
    jwk: { ...publicJwk(publicKey, kid) },
    pem: String(privateKey.export({ format: "pem", type: "pkcs8" })),
  };
}
