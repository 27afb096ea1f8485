/**
 * `pulumi-authn`: users, credentials and keys of passwordless identity systems as Pulumi resources.
 */
export { AuthnError, type AuthnErrorCode, isAuthnError } from "../providers/errors.js";
export {
  FixtureSet,
  type FixtureSetArgs,
  type KeyriDeviceOutputs,
  type PersonOutputs,
} from "./components/FixtureSet.js";
export { type Fault as FixtureFault, FixturesError, loadFixtures, type PlaceholderSource } from "./fixtures/load.js";
export type { Fixtures, KeyriDevice, Person, Source } from "./fixtures/model.js";
export { AuthnProvider, type AuthnProviderArgs, type KeyriConfiguration } from "./resources/AuthnProvider.js";
export { KeyriPublicKey, type KeyriPublicKeyArgs } from "./resources/KeyriPublicKey.js";
export type { CommonArgs } from "./resources/owned.js";
