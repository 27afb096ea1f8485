/**
 * The ceremonies of Hanko's Passkey API: registration, login and transaction, each begun and finished (contracts/hanko.md, "Passkey API").
 * One function a call; what a status means is said here and nowhere else.
 */
import { z } from "zod";
import type { HankoPasskeyHttp } from "./http.js";
import { callWithMeanings, type Meanings } from "./meanings.js";
import {
  type AuthenticationResponseJSON,
  creationAnswer,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
  requestAnswer,
} from "./wire.js";

export interface HankoPasskeyRegistration {
  readonly userId: string;
  /** At most 128 characters. Each registration overwrites the user's. */
  readonly username: string;
  /** Default: the username. Each registration overwrites the user's. */
  readonly displayName?: string | undefined;
  /** An address of a picture. */
  readonly icon?: string | undefined;
}

export interface HankoPasskeyTransaction {
  readonly userId: string;
  /** At most 128 characters; taken for good once it is initialised. */
  readonly transactionId: string;
  /** Anything that JSON can hold except null. */
  readonly transactionData: unknown;
}

/** Those that finalize resolve to a token. Each throws an `HttpError` for what the service didn't take. */
export interface HankoPasskeyCeremonies {
  initializeRegistration(registration: HankoPasskeyRegistration): Promise<PublicKeyCredentialCreationOptionsJSON>;
  finalizeRegistration(response: RegistrationResponseJSON): Promise<string>;
  /** @param login without a user: whoever has a discoverable credential */
  initializeLogin(login?: { readonly userId?: string | undefined }): Promise<PublicKeyCredentialRequestOptionsJSON>;
  /** @throws AuthnError `ERR_AUTHN_PROOF_FAILED` with the service's words for a login that it refuses */
  finalizeLogin(response: AuthenticationResponseJSON): Promise<string>;
  initializeTransaction(transaction: HankoPasskeyTransaction): Promise<PublicKeyCredentialRequestOptionsJSON>;
  /** @throws AuthnError `ERR_AUTHN_PROOF_FAILED` as for a login */
  finalizeTransaction(response: AuthenticationResponseJSON): Promise<string>;
}

const token = z.object({ token: z.string("must be text").min(1, "must not be empty") }).transform((body) => body.token);

const unknownUser = {
  what: "Hanko knows no such user",
  remedy: "Register a credential for the user first; if there is one, check hanko:url and hanko:tenantId",
};
const noCredential = {
  what: "Hanko couldn't begin, as it can't for a user whose last credential was removed",
  remedy: "Look whether the user has a credential, and register one",
};
const LOGIN: Meanings = { 404: unknownUser, 500: noCredential };
const TRANSACTION: Meanings = {
  400: {
    what: "Hanko refused the transaction",
    remedy: "Look whether the user has a credential, and correct what is named",
  },
  404: unknownUser,
  409: { what: "This transaction id was used before", remedy: "Give each transaction an id of its own" },
};
const PROOF: Meanings = {
  401: {
    what: "Hanko refused the signature",
    remedy:
      "Check that the credential is registered with this tenant, that it verifies the user where the tenant asks for it, and hanko:apiKey",
    proofFailed: true,
  },
};

export function passkeyCeremonies({ keyed, open }: HankoPasskeyHttp): HankoPasskeyCeremonies {
  const post = (path: string, body: unknown) => ({
    operation: `Hanko Passkey API ${path}`,
    method: "POST" as const,
    path: `/${path}`,
    body: JSON.stringify(body),
    answers: [200],
  });

  /** Whoever reads an assertion before the service has taken it can sign in with it. */
  const prove = (path: string, response: AuthenticationResponseJSON) => {
    const call = post(path, response);
    return { ...call, secrets: [call.body] };
  };

  return {
    async initializeRegistration({ userId, username, displayName, icon }) {
      const body = { user_id: userId, username, display_name: displayName, icon };
      // A challenge that nobody answers leaves nothing but the user, whom a second one leaves the same.
      const answer = await keyed.call({ ...post("registration/initialize", body), repeatable: true });
      return answer.json(creationAnswer);
    },

    // A 500 may mean that it exists, and comes out as an unknown outcome like any 500.
    async finalizeRegistration(response) {
      return (await open.call(post("registration/finalize", response))).json(token);
    },

    async initializeLogin({ userId } = {}) {
      const call = { ...post("login/initialize", { user_id: userId }), repeatable: true };
      const answer = userId === undefined ? await open.call(call) : await callWithMeanings(keyed, call, LOGIN);
      return answer.json(requestAnswer);
    },

    async finalizeLogin(response) {
      return (await callWithMeanings(open, prove("login/finalize", response), PROOF)).json(token);
    },

    async initializeTransaction({ userId, transactionId, transactionData }) {
      const body = { user_id: userId, transaction_id: transactionId, transaction_data: transactionData };
      return (await callWithMeanings(keyed, post("transaction/initialize", body), TRANSACTION)).json(requestAnswer);
    },

    async finalizeTransaction(response) {
      return (await callWithMeanings(keyed, prove("transaction/finalize", response), PROOF)).json(token);
    },
  };
}
