/**
 * `pulumi-authn/clients`: typed API clients for users' own tests, beside the resources.
 */
export { AuthnError, type AuthnErrorCode, isAuthnError } from "./errors.js";
export type { KeyriApi, KeyriKey } from "./keyri/api.js";
export { createKeyriClient, type KeyriClientOptions } from "./keyri/client.js";
export { type KeyriLogin, type KeyriLoginInput, signKeyriLogin } from "./keyri/login.js";
export {
  keyIdOf as keyriKeyId,
  type NormalisedKey,
  normalisePublicKey as normaliseKeyriPublicKey,
} from "./keyri/publicKey.js";
