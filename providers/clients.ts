/**
 * `pulumi-authn/clients`: typed API clients for users' own tests, beside the resources.
 */
export { AuthnError, type AuthnErrorCode, isAuthnError } from "./errors.js";
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
