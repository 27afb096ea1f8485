/**
 * Where a credential's key and id come from: `authn:seed` for the algorithms that allow it, chance otherwise; and the credential of a
 * state as the software authenticator holds it.
 */
import { createPublicKey, type KeyObject } from "node:crypto";
import type { Derivation } from "../host/derivation.js";
import type { FreshKeys } from "../host/freshKeys.js";
import type { Random } from "../host/lifecycle.js";
import {
  type Authenticator,
  CREDENTIAL_ID_BYTES,
  type CredentialSource,
  credentialIdFrom,
  PLATFORM_AUTHENTICATOR,
} from "./authenticator/credential.js";
import {
  deriveKey,
  generateKey,
  isDerivable,
  KEY_DERIVATION_BYTES,
  pkcs8Of,
  readPrivateKey,
  spkiOf,
} from "./authenticator/keys.js";
import type { HankoCredentialInputs } from "./inputs.js";
import type { HankoSettings } from "./settings.js";
import type { HankoCredentialState } from "./state.js";

type Keys = Pick<HankoCredentialState, "credentialId" | "publicKey" | "privateKey" | "keySource">;

/** @param api the two generations have nothing in common: a credential of one is none of the other */
export async function keysFor(
  { algorithm = "ES256", generation = 1, owner }: HankoCredentialInputs,
  {
    api,
    derivation,
    random,
    fresh,
  }: {
    readonly api: HankoSettings["api"];
    readonly derivation: Derivation | undefined;
    readonly random: Random;
    readonly fresh: FreshKeys;
  },
): Promise<Keys> {
  const derived = derivation !== undefined && isDerivable(algorithm) ? { derivation, algorithm } : undefined;
  const bytes = (purpose: string, length: number) =>
    derived?.derivation(`hanko/${api}/${purpose}`, owner, generation, length);
  // An id stands for one key: what is found under it was registered with that key.
  const id = bytes(`credential-id/${algorithm}`, CREDENTIAL_ID_BYTES) ?? random.bytes(CREDENTIAL_ID_BYTES);
  const seed =
    derived === undefined ? undefined : bytes(`credential-key/${algorithm}`, KEY_DERIVATION_BYTES[derived.algorithm]);
  const privateKey =
    derived === undefined || seed === undefined ? await generateKey(algorithm) : deriveKey(derived.algorithm, seed);
  const text = pkcs8Of(privateKey).toString("base64");
  fresh.remember(text, privateKey);
  return {
    credentialId: credentialIdFrom(id),
    publicKey: spkiOf(createPublicKey(privateKey)).toString("base64"),
    privateKey: text,
    keySource: derived === undefined ? "random" : "derived",
  };
}

/**
 * The credential as the authenticator signs with it.
 * @param key its private key, where it is at hand
 */
export function sourceOf(state: HankoCredentialState, key?: KeyObject): CredentialSource {
  const { credentialId, algorithm = "ES256", privateKey, rpId, userHandle } = state;
  return {
    id: credentialId,
    algorithm,
    privateKey: key ?? readPrivateKey(algorithm, Buffer.from(privateKey, "base64")),
    authenticator: authenticatorOf(state),
    rpId,
    userHandle,
  };
}

type Described = Pick<
  HankoCredentialInputs,
  "attachment" | "transports" | "aaguid" | "residentKey" | "userVerification" | "backupEligible" | "attestation"
>;

/** The authenticator that the inputs describe; what they leave open is a phone's or computer's own. */
export function authenticatorOf(inputs: Described): Authenticator {
  const { attachment, transports, aaguid, residentKey, userVerification, backupEligible, attestation } = inputs;
  const platform = PLATFORM_AUTHENTICATOR;
  return {
    ...platform,
    aaguid: aaguid?.toLowerCase() ?? platform.aaguid,
    attachment: attachment ?? platform.attachment,
    transports: transports ?? platform.transports,
    residentKey: residentKey !== "discouraged",
    userVerification: userVerification !== "discouraged",
    backupEligible: backupEligible ?? platform.backupEligible,
    attestation: attestation ?? platform.attestation,
  };
}
