/**
 * Whether a `KeylessUser` stands, and what it looks like: by its username at the Authentication Service, by its keylessId at the
 * Operations Service. There is no read of a user: a list of devices is an answer, 404 says that there is no such user.
 */
import { AuthnError } from "../errors.js";
import type { Observed } from "../host/lifecycle.js";
import type { KeylessServices } from "./services.js";
import type { KeylessUserState } from "./state.js";
import { isCommitted } from "./steps.js";

/** One request, one more for the devices where they are wanted, one more for a declared external id. */
export async function look(services: KeylessServices, state: KeylessUserState): Promise<Observed<KeylessUserState>> {
  const { keylessId, externalUserId } = state;
  const found = await services.authentication(state.customer).user(state.username);
  const enrolled = found.isEnrolled && found.keylessId === keylessId;
  // What isn't enrolled may stand all the same: half-made, or after somebody else took the name.
  const devices = enrolled && !services.readDevices ? state.devices : await services.operations.devices(keylessId);
  // A wrong address says 404 too, and who is believed to be enrolled no more is replaced.
  if (!found.known && (state.enrolled || devices === undefined)) await services.proven.authentication(state.customer);
  if (devices === undefined) {
    if (enrolled) throw servicesDisagree();
    await services.proven.operations();
    return { gone: true };
  }
  const isLinked =
    externalUserId === undefined ||
    (await services.operations.usersOf(externalUserId)).some(({ userId }) => userId === keylessId);
  const { enrolledAs: _, linkedExternalUserId, ...rest } = state;
  return {
    gone: false,
    state: {
      ...rest,
      enrolled,
      devices: [...devices],
      ...(found.isEnrolled && !enrolled && found.keylessId !== undefined ? { enrolledAs: found.keylessId } : {}),
      ...(isLinked && linkedExternalUserId !== undefined ? { linkedExternalUserId } : {}),
    },
  };
}

/** Removes the user for good. What is uncommitted can only be removed once it is committed. */
export async function remove(services: KeylessServices, state: KeylessUserState): Promise<void> {
  if (state.reached === "enrolled" || state.reached === "uncommitted") await isCommitted(services, state);
  if (await services.operations.deleteUser(state.keylessId)) return;
  await services.proven.operations();
  const { isEnrolled, keylessId } = await services.authentication(state.customer).user(state.username);
  if (isEnrolled && keylessId === state.keylessId) throw servicesDisagree();
}

/** Another region's Operations Service is a sound one, and knows none of these users: they must not count as gone. */
function servicesDisagree(): AuthnError {
  return new AuthnError({
    code: "ERR_AUTHN_CONFIGURATION",
    what: "The Keyless Authentication Service has this user enrolled, and the Operations Service doesn't know its keylessId",
    remedy:
      "Check that keyless:operationsUrl, keyless:apiKey and keyless:authenticationUrl are of one tenant and region; if the user was removed just now, try again later",
  });
}
