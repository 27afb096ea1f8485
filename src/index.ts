/**
 * `pulumi-authn`: users, credentials and keys of passwordless identity systems as Pulumi resources.
 */
export { AuthnError, type AuthnErrorCode, isAuthnError } from "../providers/errors.js";
export type { BrowserCredential } from "../providers/hanko/authenticator/browserCredential.js";
export type { BaikalClientKeysOutputs, ClientOutputs } from "./components/clientOutputs.js";
export { FixtureSet, type FixtureSetArgs } from "./components/FixtureSet.js";
export type {
  HankoCredentialOutputs,
  KeylessUserOutputs,
  KeyriDeviceOutputs,
  PersonOutputs,
} from "./components/personOutputs.js";
export { type Fault as FixtureFault, FixturesError, loadFixtures, type PlaceholderSource } from "./fixtures/load.js";
export type {
  Client,
  ClientRing,
  Fixtures,
  HankoPasskey,
  KeylessPerson,
  KeyriDevice,
  Person,
  Source,
} from "./fixtures/model.js";
export {
  AuthnProvider,
  type AuthnProviderArgs,
  type BaikalConfiguration,
  type HankoConfiguration,
  type KeylessConfiguration,
  type KeyriConfiguration,
} from "./resources/AuthnProvider.js";
export {
  BaikalClientKeys,
  type BaikalClientKeysArgs,
  type BaikalGrantArgs,
  type BaikalHistoryEntry,
  type BaikalJwks,
  type BaikalPublishArgs,
  type BaikalRingKey,
  type BaikalVerifyArgs,
  type BaikalWindowArgs,
} from "./resources/BaikalClientKeys.js";
export { HankoCredential, type HankoCredentialArgs } from "./resources/HankoCredential.js";
export { type KeylessDevice, KeylessUser, type KeylessUserArgs } from "./resources/KeylessUser.js";
export { KeyriPublicKey, type KeyriPublicKeyArgs } from "./resources/KeyriPublicKey.js";
export type { CommonArgs } from "./resources/owned.js";
