/**
 * Both generations of Hanko's API under one interface: what the life of a credential, and acting as a fixture, ask of either
 * (contracts/hanko.md).
 */
import type { Dependencies } from "../host/lifecycle.js";
import { openAuthentication, openPasskey } from "./generations.js";
import type { RequestLimits } from "./http.js";
import type { HankoSettings } from "./settings.js";
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from "./wire.js";

/** The Passkey API takes only the user from it: all else is the tenant's settings. */
export interface HankoRegistration {
  /** @see hankoCredentialInputs for what id, name and displayName may hold */
  readonly user: { readonly id: string; readonly name: string; readonly displayName?: string | undefined };
  readonly attachment?: "platform" | "cross-platform" | undefined;
  readonly requireResidentKey?: boolean | undefined;
  readonly userVerification?: "required" | "preferred" | "discouraged" | undefined;
  /** The conveyance that is asked for. */
  readonly attestation?: "none" | "indirect" | "direct" | undefined;
}

export interface HankoTransaction {
  readonly userId: string;
  /** Of the Passkey API only, at most 128 characters, for one transaction. */
  readonly transactionId?: string | undefined;
  /** What is signed: a text, or on the Passkey API anything that JSON can hold except null. */
  readonly data: unknown;
}

export interface HankoCredentialInfo {
  /** base64url. */
  readonly id: string;
  readonly userId: string;
  readonly name?: string | undefined;
  /** As the service writes it, RFC 3339. */
  readonly createdAt?: string | undefined;
  readonly lastUsedAt?: string | undefined;
  readonly aaguid?: string | undefined;
  /** base64url of the COSE_Key; the Passkey API's only. */
  readonly publicKey?: string | undefined;
  /** The Passkey API's only. */
  readonly attestationType?: string | undefined;
  readonly backupEligible?: boolean | undefined;
  readonly backupState?: boolean | undefined;
}

export interface HankoCredentialPage {
  readonly credentials: readonly HankoCredentialInfo[];
  /** What asks for the next page; undefined: this was the last. */
  readonly next?: number | undefined;
  /** How many credentials all pages hold; the Passkey API's only. */
  readonly total?: number | undefined;
}

/** What a signature proved. */
export interface HankoProof {
  readonly userId: string;
  /** base64url. */
  readonly credentialId: string;
  /** Of a transaction on the Passkey API. */
  readonly transactionId?: string | undefined;
  /** The Passkey API's, verified; a secret. */
  readonly token?: string | undefined;
}

/** Each call throws an `HttpError` for what the service didn't take. */
export interface HankoApi {
  /** May be repeated. First initialisations of one user must go one at a time. */
  initializeRegistration(registration: HankoRegistration): Promise<PublicKeyCredentialCreationOptionsJSON>;
  /** A 500 is an unknown outcome: it may mean that the credential exists. */
  finalizeRegistration(response: RegistrationResponseJSON): Promise<void>;
  /** Undefined: there is no such credential; believed only of a service that has shown its list. */
  credential(id: string): Promise<HankoCredentialInfo | undefined>;
  /** A hundred, newest first on the Passkey API. @param cursor absent: the first page */
  page(cursor?: number, userId?: string): Promise<HankoCredentialPage>;
  /** May be repeated. */
  rename(id: string, name: string): Promise<void>;
  /** False: it was gone already; believed as above. */
  remove(id: string): Promise<boolean>;
  /** @param login without a user: whoever has a discoverable credential */
  initializeLogin(login?: { readonly userId?: string | undefined }): Promise<PublicKeyCredentialRequestOptionsJSON>;
  /**
   * @param rpId the relying party that a token must be for; default: the configuration's
   * @throws AuthnError `ERR_AUTHN_PROOF_FAILED` for a signature that isn't taken, or a token that isn't the tenant's
   */
  finalizeLogin(response: AuthenticationResponseJSON, rpId?: string): Promise<HankoProof>;
  /** @throws AuthnError `ERR_AUTHN_INPUT` for what this generation can't have signed */
  initializeTransaction(transaction: HankoTransaction): Promise<PublicKeyCredentialRequestOptionsJSON>;
  /** @throws AuthnError `ERR_AUTHN_PROOF_FAILED` as for a login */
  finalizeTransaction(response: AuthenticationResponseJSON, rpId?: string): Promise<HankoProof>;
}

/** @throws AuthnError `ERR_AUTHN_HOST_REFUSED` for a host that isn't allowed */
export function hankoApi(settings: HankoSettings, limits: RequestLimits, dependencies: Dependencies): HankoApi {
  return settings.api === "passkey"
    ? openPasskey(settings, limits, dependencies).api
    : openAuthentication(settings, limits, dependencies).api;
}
