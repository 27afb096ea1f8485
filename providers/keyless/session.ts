/**
 * What the life of a `KeylessUser` calls, bound to the services of one configuration. Loaded at the first call only: check and
 * diff need neither HTTP nor cryptography.
 */
import type { Beginning, Dependencies, Observed, SessionSettings } from "../host/lifecycle.js";
import { begin } from "./begin.js";
import { look, remove } from "./existence.js";
import type { KeylessUserInputs } from "./inputs.js";
import { openKeylessServices } from "./services.js";
import type { KeylessSettings } from "./settings.js";
import type { KeylessUserState } from "./state.js";
import {
  commit,
  confirm,
  findImported,
  importClientState,
  isCommitted,
  linkExternalUser,
  register,
  revokeDevices,
} from "./steps.js";

type State = KeylessUserState;

export interface KeylessSession {
  begin(inputs: KeylessUserInputs): Promise<Beginning<State>>;
  register(state: State): Promise<State>;
  isCommitted(state: State): Promise<boolean>;
  commit(state: State): Promise<State>;
  importClientState(state: State): Promise<State>;
  findImported(state: State): Promise<State | undefined>;
  /** @param externalUserId absent: the username, as the service itself has it */
  linkExternalUser(state: State, externalUserId: string | undefined): Promise<State>;
  revokeDevices(state: State, publicSigningKeys: readonly string[]): Promise<State>;
  confirm(state: State): Promise<State>;
  look(state: State): Promise<Observed<State>>;
  remove(state: State): Promise<void>;
}

export function openKeylessSession(
  settings: SessionSettings<KeylessSettings>,
  dependencies: Dependencies,
): KeylessSession {
  const services = openKeylessServices(settings, dependencies);
  return {
    begin: (inputs) => begin(services, inputs),
    register: (state) => register(services, state),
    isCommitted: (state) => isCommitted(services, state),
    commit: (state) => commit(services, state),
    importClientState: (state) => importClientState(services, state),
    findImported: (state) => findImported(services, state),
    linkExternalUser: (state, externalUserId) => linkExternalUser(services, state, externalUserId),
    revokeDevices: (state, publicSigningKeys) => revokeDevices(services, state, publicSigningKeys),
    confirm: (state) => confirm(services, state),
    look: (state) => look(services, state),
    remove: (state) => remove(services, state),
  };
}
