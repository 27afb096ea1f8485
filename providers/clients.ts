/**
 * `pulumi-authn/clients`: typed API clients for users' own tests, beside the resources.
 */
export type { AccessTokenDemands as BaikalTokenDemands, BaikalAccessToken } from "./baikal/accessToken.js";
export type { BaikalResponse, Responded as BaikalResponded } from "./baikal/api.js";
export type { BaikalAuthenticationContext, BaikalGrant, BaikalIdentifier } from "./baikal/assertion.js";
export {
  type BaikalCalls,
  type BaikalClient,
  createBaikalClient,
  type JwtBearerGrant as BaikalJwtBearerGrant,
} from "./baikal/client.js";
export type { BaikalClientOptions } from "./baikal/clientOptions.js";
export type { BaikalDiscovery } from "./baikal/discovery.js";
export { createBaikalClientFromEnvironment } from "./baikal/environment.js";
export {
  type BaikalError,
  type BaikalErrorKind,
  baikalErrorKind,
  isBaikalError,
  type TokenFault as BaikalTokenFault,
} from "./baikal/errors.js";
export type { BaikalToken, ClientCredentials as BaikalClientCredentials } from "./baikal/grant.js";
export type { BaikalIntrospection } from "./baikal/introspection.js";
export { type BaikalKey, type KeySources as BaikalKeySources, loadKeys as loadBaikalKeys } from "./baikal/keys.js";
export type { BaikalRequest } from "./baikal/request.js";
export type {
  JwkSet as BaikalJwkSet,
  PublicJwk as BaikalPublicJwk,
  SigningAlgorithm as BaikalSigningAlgorithm,
} from "./baikal/signingKey.js";
export { AuthnError, type AuthnErrorCode, isAuthnError } from "./errors.js";
export type {
  HankoApi,
  HankoCredentialInfo,
  HankoCredentialPage,
  HankoProof,
  HankoRegistration,
  HankoTransaction,
} from "./hanko/api.js";
export type {
  HankoAuthenticationApi,
  HankoAuthenticationRequest,
  HankoCredentialQuery,
  HankoRegistrationRequest,
  HankoTransactionRequest,
} from "./hanko/authenticationApi.js";
export {
  createHankoClient,
  type HankoAuthenticationClient,
  type HankoAuthenticationClientOptions,
  type HankoClient,
  type HankoClientOptions,
  type HankoPasskeyClient,
  type HankoPasskeyClientOptions,
} from "./hanko/client.js";
export type { HankoAuthenticationCredential, HankoPasskeyCredential } from "./hanko/credentialRows.js";
export type { HankoFixture, HankoFixtures, HankoLogin, HankoTransactionToSign } from "./hanko/fixture.js";
export type { HankoJwks, HankoPasskeyApi } from "./hanko/passkeyApi.js";
export type {
  HankoPasskeyCeremonies,
  HankoPasskeyRegistration,
  HankoPasskeyTransaction,
} from "./hanko/passkeyCeremonies.js";
export type { HankoPasskeyCredentials, HankoPasskeyPage, HankoPasskeyQuery } from "./hanko/passkeyCredentials.js";
export type { HankoTokenClaims, VerifyHankoToken } from "./hanko/tokens.js";
export type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from "./hanko/wire.js";
export type {
  KeylessAgentApi,
  KeylessEnrolled,
  KeylessEnrolment,
  KeylessOnlineEnrolled,
} from "./keyless/agent.js";
export type { KeylessAuthenticationApi, KeylessImport, KeylessUserStatus } from "./keyless/authentication.js";
export {
  createKeylessClient,
  type KeylessClient,
  type KeylessClientOptions,
  type KeylessClientState,
} from "./keyless/client.js";
export type { OfferedEncryptionKey as KeylessEncryptionKey } from "./keyless/encryptionKey.js";
export type { KeylessDevice, KeylessExternalUser, KeylessOperationsApi } from "./keyless/operations.js";
export { type SealedClientState, sealClientState as sealKeylessClientState } from "./keyless/seal.js";
export type { KeyriApi, KeyriKey } from "./keyri/api.js";
export { createKeyriClient, type KeyriClientOptions } from "./keyri/client.js";
export { type KeyriLogin, type KeyriLoginInput, signKeyriLogin } from "./keyri/login.js";
export {
  keyIdOf as keyriKeyId,
  type NormalisedKey,
  normalisePublicKey as normaliseKeyriPublicKey,
} from "./keyri/publicKey.js";
