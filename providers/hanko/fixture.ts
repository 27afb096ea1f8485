/**
 * Acting as a fixture: a credential from the outputs of a `HankoCredential` signs in and signs transactions by the software authenticator
 * (WebAuthn L3 §7.2; contracts/hanko.md).
 */
import type { HankoApi, HankoProof } from "./api.js";
import { signCountAt } from "./authenticator/browserCredential.js";
import type { CredentialSource } from "./authenticator/credential.js";
import { getAssertion } from "./authenticator/getAssertion.js";
import { readPrivateKey } from "./authenticator/keys.js";
import type { HankoCredentialInputs } from "./inputs.js";
import { authenticatorOf } from "./keys.js";
import { assertProofOf } from "./proof.js";
import type { PublicKeyCredentialRequestOptionsJSON } from "./wire.js";

type Declared = Pick<
  HankoCredentialInputs,
  "algorithm" | "residentKey" | "userVerification" | "attachment" | "backupEligible"
>;

/** base64url; a person's outputs in `authn outputs` have it as `id`. */
type CredentialId = { readonly credentialId: string } | { readonly id: string };

/** The outputs of a `HankoCredential`, or as many of them as this takes. */
export type HankoFixture = Declared &
  CredentialId & {
    /** base64 of the PKCS#8 DER, in either alphabet. A secret. */
    readonly privateKey: string;
    /** base64url. */
    readonly userHandle: string;
    readonly userId: string;
    /** Default: the client's. */
    readonly rpId?: string | undefined;
    /** Default: the client's. */
    readonly origin?: string | undefined;
  };

export interface HankoLogin {
  /** True: the service isn't told who it is. Default: false. */
  readonly discoverable?: boolean;
}

/** What is signed: a text, or on the Passkey API anything that JSON can hold except null. */
export type HankoTransactionToSign = {
  /** The Passkey API's only, for one transaction; default: a random UUID. */
  readonly transactionId?: string;
} & ({ readonly text: string } | { readonly data: unknown });

export interface HankoFixtures {
  /** Signs in. @throws AuthnError `ERR_AUTHN_PROOF_FAILED` where the service doesn't take it, or takes it for another's */
  login(credential: HankoFixture, login?: HankoLogin): Promise<HankoProof>;
  /** Signs a transaction. @throws AuthnError as a login does, and for a challenge that stands for another transaction */
  signTransaction(credential: HankoFixture, transaction: HankoTransactionToSign): Promise<HankoProof>;
}

export function hankoFixtures(
  api: HankoApi,
  relyingParty: { readonly rpId: string; readonly origin: string },
  clock: { now(): number },
): HankoFixtures {
  const rpIdOf = ({ rpId = relyingParty.rpId }: HankoFixture) => rpId;
  const answer = (options: PublicKeyCredentialRequestOptionsJSON, fixture: HankoFixture) =>
    getAssertion(options, sourceOf(fixture, rpIdOf(fixture)), {
      origin: fixture.origin ?? relyingParty.origin,
      signCount: signCountAt(clock.now()),
    });
  return {
    async login(fixture, { discoverable = false } = {}) {
      const options = await api.initializeLogin(discoverable ? {} : { userId: fixture.userId });
      return provenOf(fixture, await api.finalizeLogin(answer(options, fixture), rpIdOf(fixture)));
    },
    async signTransaction(fixture, { transactionId, ...signed }) {
      const data = "text" in signed ? signed.text : signed.data;
      const options = await api.initializeTransaction({ userId: fixture.userId, transactionId, data });
      return provenOf(fixture, await api.finalizeTransaction(answer(options, fixture), rpIdOf(fixture)));
    },
  };
}

function sourceOf(fixture: HankoFixture, rpId: string): CredentialSource {
  const { algorithm = "ES256" } = fixture;
  return {
    id: credentialIdOf(fixture),
    rpId,
    userHandle: fixture.userHandle,
    algorithm,
    privateKey: readPrivateKey(algorithm, Buffer.from(fixture.privateKey, "base64")),
    authenticator: authenticatorOf(fixture),
  };
}

function credentialIdOf(fixture: CredentialId): string {
  return "credentialId" in fixture ? fixture.credentialId : fixture.id;
}

function provenOf(fixture: HankoFixture, proof: HankoProof): HankoProof {
  assertProofOf({ userId: fixture.userId, credentialId: credentialIdOf(fixture) }, proof);
  return proof;
}
