/**
 * The calls of a `KeylessUser` after the enrolment, each from a state to the state that it reaches; what a second call means is
 * said with each (contracts/keyless.md, "Operations Service", "Authentication Service").
 */
import { AuthnError } from "../errors.js";
import { isHttpError } from "../http/errors.js";
import { usernameTaken } from "./begin.js";
import type { KeylessServices } from "./services.js";
import { type KeylessUserState, withoutSpentSecrets } from "./state.js";

type Call = (services: KeylessServices, state: KeylessUserState) => Promise<KeylessUserState>;

/** Posts the server state. That it stands already (409, assumed) is what was wanted. */
export const register: Call = async ({ operations }, state) => {
  if (state.serverState === undefined) throw goneMeanwhile(state);
  await operations.registerUncommitted(state.serverState);
  return { ...state, reached: "uncommitted" };
};

/** Commits; a second time is 404 or 409 (assumed), and so is a user who is gone: then it is registered once more. */
export const commit: Call = async (services, state) => {
  if (state.reached === "committed" || (await isCommitted(services, state))) return { ...state, reached: "committed" };
  await register(services, state);
  if (await services.operations.commit(state.keylessId, state.serverState)) return { ...state, reached: "committed" };
  throw new AuthnError({
    code: "ERR_AUTHN_HTTP_REFUSED",
    what: "The Keyless Operations Service took the user, and then doesn't know it at commit",
    remedy: "Check keyless:operationsUrl, and try again",
  });
};

/** Commits what is uncommitted; true where the user stands committed now, by this call or an earlier one. */
export async function isCommitted(
  { operations }: KeylessServices,
  { keylessId, serverState }: KeylessUserState,
): Promise<boolean> {
  return (await operations.commit(keylessId, serverState)) || (await operations.devices(keylessId)) !== undefined;
}

/**
 * Never over a username that somebody has: what the service would do then nobody states. It was free before the enrolment, minutes
 * ago where the agent has a queue, days where an earlier run broke off.
 */
export const importClientState: Call = async (services, state) => {
  const { clientState, customer, username } = state;
  if (clientState === undefined) throw goneMeanwhile(state);
  const standing = await findImported(services, state);
  if (standing !== undefined) return standing;
  if (await services.importClientState({ customer, username, clientState })) return enrolledNow(services, state);
  const imported = await findImported(services, state);
  if (imported !== undefined) return imported;
  throw takenMeanwhile(state, undefined);
};

/** The state that an import reached whose answer was lost; undefined where the name is still free. */
export async function findImported(
  services: KeylessServices,
  state: KeylessUserState,
): Promise<KeylessUserState | undefined> {
  const { isEnrolled, keylessId } = await services.authentication(state.customer).user(state.username);
  if (!isEnrolled) return undefined;
  if (keylessId !== state.keylessId) throw takenMeanwhile(state, keylessId);
  return enrolledNow(services, state);
}

function enrolledNow(services: KeylessServices, state: KeylessUserState): KeylessUserState {
  const { enrolledAs: _, ...rest } = state;
  return {
    ...rest,
    reached: state.reached === "complete" ? "complete" : "imported",
    enrolled: true,
    enrolledAt: services.now(),
  };
}

/** Sets the external user id, which the service itself makes the username: the one that is there (409) is moved. */
export async function linkExternalUser(
  { operations }: KeylessServices,
  state: KeylessUserState,
  externalUserId: string | undefined,
): Promise<KeylessUserState> {
  const { keylessId, username } = state;
  const wanted = externalUserId ?? username;
  try {
    if (!(await operations.linkExternalUser(keylessId, wanted))) await operations.moveExternalUser(keylessId, wanted);
  } catch (error) {
    throw isHttpError(error) && error.status === 404 ? unknownUser("external id was to be set") : error;
  }
  return { ...state, linkedExternalUserId: externalUserId };
}

/** Revokes what is declared revoked, and records the devices that are left. */
export async function revokeDevices(
  { operations }: KeylessServices,
  state: KeylessUserState,
  revoked: readonly string[],
): Promise<KeylessUserState> {
  const devices = await operations.devices(state.keylessId);
  if (devices === undefined) throw unknownUser("devices were to be looked at");
  for (const { publicSigningKey } of devices)
    if (revoked.includes(publicSigningKey)) await operations.revokeDevice(state.keylessId, publicSigningKey);
  return { ...state, devices: devices.filter(({ publicSigningKey }) => !revoked.includes(publicSigningKey)) };
}

/** The service says itself that the username logs in with this keylessId; then the states are of no more use. */
export const confirm: Call = async (services, state) => {
  const { isEnrolled, keylessId } = await services.authentication(state.customer).user(state.username);
  if (!isEnrolled || keylessId !== state.keylessId) {
    throw new AuthnError({
      code: "ERR_AUTHN_PROOF_FAILED",
      what: "The client state was imported, but the username is not enrolled with this keylessId",
      remedy: "Look whether somebody removed the user meanwhile; a destroy of it, or `up --replace`, makes it anew",
    });
  }
  const revoked = state.revokedDevices ?? [];
  const isLookDue = services.readDevices || revoked.length > 0;
  const looked = isLookDue ? await revokeDevices(services, state, revoked) : state;
  return withoutSpentSecrets({ ...looked, reached: "complete", enrolled: true });
};

/** To adopt whoever has the name now, what was half-made must go first: it has a keylessId of its own. */
function takenMeanwhile({ adopt, owner }: KeylessUserState, keylessId: string | undefined): AuthnError {
  const remedy = `Remove that user in the service, or choose another username; to take it over: \`adopt: "always"\` and authn up --replace ${owner.name}`;
  return usernameTaken(keylessId, adopt ?? "owned", remedy);
}

function unknownUser(purpose: string): AuthnError {
  return new AuthnError({
    code: "ERR_AUTHN_HTTP_REFUSED",
    what: `The Keyless Operations Service doesn't know this user, whose ${purpose}`,
    remedy:
      "Check keyless:operationsUrl; if somebody removed the user, a refresh finds that out, and the next `up` enrols anew",
  });
}

function goneMeanwhile({ owner }: KeylessUserState): AuthnError {
  return new AuthnError({
    code: "ERR_AUTHN_STATE",
    what: "The half-made user was removed from the service, and can't be made again under its keylessId",
    remedy: `Enrol anew: authn up --replace ${owner.name}`,
  });
}
