/** What the service shows of a credential (contracts/hanko.md), beside what the state holds of it. */
import type { HankoCredentialInfo } from "./api.js";
import { type Authenticator, PLATFORM_AUTHENTICATOR } from "./authenticator/credential.js";
import type { HankoCredentialState } from "./state.js";

const NO_MODEL = PLATFORM_AUTHENTICATOR.aaguid;

/** The state with what changes in the service. */
export function seen(state: HankoCredentialState, { name, createdAt }: HankoCredentialInfo): HankoCredentialState {
  const { name: _, ...rest } = state;
  return { ...rest, ...(name === undefined ? {} : { name }), ...(createdAt === undefined ? {} : { createdAt }) };
}

/** Whether it was registered by such an authenticator, as far as it shows: without an attestation a service may keep no model. */
export function isShownAs({ aaguid, backupEligible }: Authenticator, found: HankoCredentialInfo): boolean {
  const model = found.aaguid?.toLowerCase() || NO_MODEL;
  return (model === NO_MODEL || model === aaguid) && (found.backupEligible ?? backupEligible) === backupEligible;
}
