/**
 * The wire of Hanko's Authentication API, the one that the original SDKs speak (contracts/hanko.md, "Authentication API"). One function
 * a call; what a status means is said here and nowhere else.
 */
import { z } from "zod";
import { credentialPath } from "./credentialPath.js";
import { authenticationCredential, type HankoAuthenticationCredential } from "./credentialRows.js";
import type { HankoHttp } from "./http.js";
import { callWithMeanings, type Meanings } from "./meanings.js";
import {
  type AuthenticationResponseJSON,
  creationAnswer,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
  requestAnswer,
} from "./wire.js";

type Requirement = "required" | "preferred" | "discouraged";
type Attachment = "platform" | "cross-platform";

export interface HankoRegistrationRequest {
  readonly user: { readonly id: string; readonly name: string; readonly displayName: string };
  readonly options?: {
    readonly authenticatorSelection?: {
      readonly authenticatorAttachment?: Attachment | undefined;
      readonly requireResidentKey?: boolean | undefined;
      readonly userVerification?: Requirement | undefined;
    };
    readonly attestation?: "none" | "indirect" | "direct" | undefined;
  };
}

export interface HankoAuthenticationRequest {
  /** Absent: whoever has a discoverable credential. */
  readonly user?: { readonly id: string };
  readonly options?: {
    readonly userVerification?: Requirement | undefined;
    readonly authenticatorAttachment?: Attachment | undefined;
  };
}

export interface HankoTransactionRequest extends HankoAuthenticationRequest {
  /** What is signed. */
  readonly transaction: string;
}

export interface HankoCredentialQuery {
  readonly userId?: string | undefined;
  /** From 1; default 1. */
  readonly page?: number | undefined;
  /** Default 10. */
  readonly pageSize?: number | undefined;
}

/** The calls of the Authentication API. Each throws an `HttpError` for what the service didn't take. */
export interface HankoAuthenticationApi {
  initializeRegistration(request: HankoRegistrationRequest): Promise<PublicKeyCredentialCreationOptionsJSON>;
  finalizeRegistration(response: RegistrationResponseJSON): Promise<HankoAuthenticationCredential>;
  initializeAuthentication(request?: HankoAuthenticationRequest): Promise<PublicKeyCredentialRequestOptionsJSON>;
  /** @throws AuthnError `ERR_AUTHN_PROOF_FAILED` with the service's words for a login that it refuses */
  finalizeAuthentication(response: AuthenticationResponseJSON): Promise<HankoAuthenticationCredential>;
  initializeTransaction(request: HankoTransactionRequest): Promise<PublicKeyCredentialRequestOptionsJSON>;
  /** @throws AuthnError `ERR_AUTHN_PROOF_FAILED` as for a login */
  finalizeTransaction(response: AuthenticationResponseJSON): Promise<HankoAuthenticationCredential>;
  /** One page; the last is the first that is short. */
  credentials(query?: HankoCredentialQuery): Promise<readonly HankoAuthenticationCredential[]>;
  /** Undefined: 404, there is no such credential; a wrong address says so too. */
  credential(id: string): Promise<HankoAuthenticationCredential | undefined>;
  updateCredential(id: string, change: { readonly name: string }): Promise<HankoAuthenticationCredential>;
  /** False: 404, it was gone already. */
  deleteCredential(id: string): Promise<boolean>;
}

const finalized = z.object({ credential: authenticationCredential }).transform(({ credential }) => credential);

const SUCCESS = [200, 201, 202, 204];
const remedy =
  "Check that the credential is registered with this service, that relying party and origin are its own, and hanko:apiSecret";
const PROOF: Meanings = Object.fromEntries(
  [400, 401, 404].map((status) => [
    status,
    { what: "Hanko refused the signature", remedy, proofFailed: true } as const,
  ]),
);
const NO_CREDENTIAL_OF_USER: Meanings = {
  404: {
    what: "Hanko has no credential of this user",
    remedy: "Register one first; if there is one, check hanko:url",
  },
};
const UNKNOWN_CREDENTIAL: Meanings = {
  404: { what: "Hanko has no such credential", remedy: "Refresh: it may have been removed from the service" },
};

export function hankoAuthenticationApi(http: HankoHttp): HankoAuthenticationApi {
  const post = (path: string, body: unknown) => ({
    operation: `Hanko Authentication API ${path}`,
    method: "POST" as const,
    path: `/${path}`,
    body: JSON.stringify(body),
    answers: SUCCESS,
  });
  // A challenge that nobody answers leaves nothing.
  const initialize = (path: string, body: unknown, meanings: Meanings) =>
    callWithMeanings(http, { ...post(path, body), repeatable: true }, meanings);
  const prove = async (path: string, response: AuthenticationResponseJSON) => {
    const call = post(path, response);
    // Whoever reads an assertion before the service has taken it can sign in with it.
    return (await callWithMeanings(http, { ...call, secrets: [call.body] }, PROOF)).json(finalized);
  };

  return {
    async initializeRegistration(request) {
      return (await initialize("registration/initialize", request, {})).json(creationAnswer);
    },

    // A 500 may mean that it exists, and comes out as an unknown outcome like any 500.
    async finalizeRegistration(response) {
      return (await http.call(post("registration/finalize", response))).json(finalized);
    },

    async initializeAuthentication(request = {}) {
      return (await initialize("authentication/initialize", request, NO_CREDENTIAL_OF_USER)).json(requestAnswer);
    },

    finalizeAuthentication: (response) => prove("authentication/finalize", response),

    async initializeTransaction(request) {
      return (await initialize("transaction/initialize", request, NO_CREDENTIAL_OF_USER)).json(requestAnswer);
    },

    finalizeTransaction: (response) => prove("transaction/finalize", response),

    async credentials({ userId, page, pageSize } = {}) {
      const answer = await http.call({
        operation: "Hanko Authentication API credentials",
        method: "GET",
        path: "/credentials",
        query: {
          ...(userId === undefined ? {} : { user_id: userId }),
          ...(page === undefined ? {} : { page: String(page) }),
          ...(pageSize === undefined ? {} : { page_size: String(pageSize) }),
        },
        answers: SUCCESS,
      });
      return answer.json(z.array(authenticationCredential, "must be a list"));
    },

    async credential(id) {
      const answer = await http.call({
        operation: "Hanko Authentication API credential",
        method: "GET",
        ...credentialPath(id),
        answers: [...SUCCESS, 404],
      });
      return answer.status === 404 ? undefined : answer.json(authenticationCredential);
    },

    async updateCredential(id, { name }) {
      const answer = await callWithMeanings(
        http,
        {
          operation: "Hanko Authentication API update credential",
          method: "PUT",
          ...credentialPath(id),
          body: JSON.stringify({ name }),
          answers: SUCCESS,
        },
        UNKNOWN_CREDENTIAL,
      );
      return answer.json(authenticationCredential);
    },

    async deleteCredential(id) {
      const answer = await http.call({
        operation: "Hanko Authentication API delete credential",
        method: "DELETE",
        ...credentialPath(id),
        answers: [...SUCCESS, 404],
      });
      return answer.status !== 404;
    },
  };
}
