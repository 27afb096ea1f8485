/**
 * Whether a `KeylessUser` stands, and what it looks like: by its username at the Authentication Service, by its keylessId at the
 * Operations Service. There is no read of a user: a list of devices is an answer, 404 says that there is no such user.
 */
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
  if (devices === undefined) {
    if (!found.known) await services.proven.authentication(state.customer);
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
  if (!(await services.operations.deleteUser(state.keylessId))) await services.proven.operations();
}
