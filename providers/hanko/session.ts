/**
 * What the life of a `HankoCredential` calls, bound to the API of one configuration. Loaded at the first call only: check and diff
 * need neither HTTP nor cryptography.
 */
import { freshKeys } from "../host/freshKeys.js";
import type { Beginning, Dependencies, Observed, SessionSettings } from "../host/lifecycle.js";
import { outcomeOf } from "../http/errors.js";
import { hankoApi } from "./api.js";
import { signCountAt } from "./authenticator/browserCredential.js";
import { createCredential } from "./authenticator/createCredential.js";
import { getAssertion } from "./authenticator/getAssertion.js";
import { credentialDirectory } from "./directory.js";
import type { HankoCredentialInputs } from "./inputs.js";
import { authenticatorOf, keysFor, sourceOf } from "./keys.js";
import { assertProofOf } from "./proof.js";
import { queues } from "./queues.js";
import {
  alreadyRegistered,
  notFound,
  otherApi,
  otherAuthenticator,
  otherRelyingParty,
  takenByAnother,
} from "./sessionErrors.js";
import type { HankoSettings } from "./settings.js";
import { isShownAs, seen } from "./shown.js";
import type { HankoCredentialState } from "./state.js";

type State = HankoCredentialState;

export interface HankoSession {
  begin(inputs: HankoCredentialInputs): Promise<Beginning<State>>;
  register(state: State): Promise<State>;
  /** The state that a registration reached whose answer was lost; undefined where it took no effect. */
  findRegistered(state: State): Promise<State | undefined>;
  rename(state: State, name: string | undefined): Promise<State>;
  lookAt(state: State): Promise<State>;
  prove(state: State): Promise<State>;
  read(state: State): Promise<Observed<State>>;
  remove(state: State): Promise<void>;
}

export function openHankoSession(
  { authn, system, derivation }: SessionSettings<HankoSettings>,
  dependencies: Dependencies,
): HankoSession {
  const api = hankoApi(system, authn, dependencies);
  const directory = credentialDirectory(api, dependencies.clock);
  const initialisations = queues();
  const fresh = freshKeys();
  // The other API has no such credential, which must not look as if it were gone.
  const assertHere = ({ api: registeredAt }: State) => {
    if (registeredAt !== system.api) throw otherApi(registeredAt, system.api);
  };
  // Not part of a credential: whoever moves the page has the credentials used there.
  const originOf = ({ declared }: Pick<State, "declared">) => declared.origin ?? system.origin;
  // Whether its answer comes or not: what was listed before may be true no more.
  const changing = async <T>(state: State, change: () => Promise<T>) => {
    assertHere(state);
    return change().finally(() => directory.forget(state.credentialId));
  };
  // A new credential is nowhere in the lists: asked for by its id, and not from what was listed before.
  const standing = async (state: State) => {
    assertHere(state);
    const found = await api.credential(state.credentialId);
    if (found !== undefined && found.userId !== state.userId) throw takenByAnother();
    return found;
  };
  const findNow = async (state: State) => {
    const found = await standing(state);
    return found === undefined ? undefined : seen(state, found);
  };

  return {
    async begin(inputs) {
      const { name, signCount: declaredCount, rpId, origin, ...rest } = inputs;
      const keys = await keysFor(inputs, { api: system.api, derivation, random: dependencies.random, fresh });
      const state: State = {
        ...rest,
        ...keys,
        api: system.api,
        declared: { name, signCount: declaredCount, rpId, origin },
        rpId: rpId ?? system.rpId,
        origin: origin ?? system.origin,
        userHandle: Buffer.from(inputs.userId, "utf8").toString("base64url"),
        signCount: declaredCount ?? 0,
        proven: false,
      };
      const id = state.credentialId;
      // What chance has just made can't stand anywhere yet.
      const found = keys.keySource === "derived" ? await standing(state) : undefined;
      if (found === undefined) return { id, state, from: "register" };
      // Only this stack's seed yields this id and key: it is ours, whatever became of the state.
      if (inputs.adopt === "never") throw alreadyRegistered();
      if (inputs.adopt !== "always" && !isShownAs(authenticatorOf(state), found)) throw otherAuthenticator();
      return { id, state: seen(state, found), from: "name" };
    },

    async register(begun) {
      assertHere(begun);
      // Nothing stands yet: what the configuration says now counts, not what it said when an earlier run began.
      const state = { ...begun, rpId: begun.declared.rpId ?? system.rpId, origin: originOf(begun) };
      const { userId, username, displayName, attachment, residentKey, userVerification, attestation } = state;
      const options = await initialisations.inTurn(userId, () =>
        api.initializeRegistration({
          user: { id: userId, name: username, displayName: displayName ?? username },
          attachment,
          requireResidentKey: residentKey === "required",
          userVerification,
          // A tenant may drop what it didn't ask for.
          attestation: attestation === "packed" ? "direct" : "none",
        }),
      );
      if (options.rp.id !== undefined && options.rp.id !== state.rpId)
        throw otherRelyingParty(options.rp.id, state.rpId);
      const registered = { ...state, userHandle: options.user.id };
      const response = createCredential(options, sourceOf(state, fresh.find(state.privateKey)), {
        origin: state.origin,
        signCount: state.signCount,
      });
      try {
        await changing(state, () => api.finalizeRegistration(response));
      } catch (error) {
        // A lost answer, and a 500, may mean that it stands: that is read before anything is tried again.
        if (outcomeOf(error) !== "unknown" || (await findNow(registered).catch(() => undefined)) === undefined)
          throw error;
      }
      return registered;
    },

    findRegistered: findNow,

    async rename(state, name) {
      if (name === undefined || name === state.name) return state;
      await changing(state, () => api.rename(state.credentialId, name));
      return { ...state, name };
    },

    async lookAt(state) {
      const found = await findNow(state);
      if (found === undefined) throw notFound();
      return found;
    },

    async prove(state) {
      assertHere(state);
      const origin = originOf(state);
      const options = await api.initializeLogin({ userId: state.userId });
      const counted = Math.max(signCountAt(dependencies.clock.now()), state.signCount);
      const source = sourceOf(state, fresh.find(state.privateKey));
      fresh.forget(state.privateKey);
      const response = getAssertion(options, source, { origin, signCount: counted });
      assertProofOf(state, await api.finalizeLogin(response, state.rpId));
      return { ...state, origin, signCount: counted, proven: true };
    },

    async read(state) {
      assertHere(state);
      const found = await directory.read(state.credentialId);
      if (found === undefined) return { gone: true };
      return { gone: false, state: { ...seen(state, found), origin: originOf(state) } };
    },

    async remove(state) {
      await changing(state, () => api.remove(state.credentialId));
    },
  };
}
