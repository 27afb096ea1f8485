/**
 * What the life of a `HankoCredential` calls, bound to the API of one configuration. Loaded at the first call only: check and diff
 * need neither HTTP nor cryptography.
 */
import { AuthnError } from "../errors.js";
import type { Beginning, Dependencies, Observed, SessionSettings } from "../host/lifecycle.js";
import { outcomeOf } from "../http/errors.js";
import { type HankoCredentialInfo, hankoApi } from "./api.js";
import { signCountAt } from "./authenticator/browserCredential.js";
import { createCredential } from "./authenticator/createCredential.js";
import { getAssertion } from "./authenticator/getAssertion.js";
import { credentialDirectory } from "./directory.js";
import type { HankoCredentialInputs } from "./inputs.js";
import { keysFor, sourceOf } from "./keys.js";
import { queues } from "./queues.js";
import type { HankoSettings } from "./settings.js";
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
  const signCount = () => signCountAt(dependencies.clock.now());
  // Whether its answer comes or not: what was listed before may be true no more.
  const changing = <T>({ credentialId }: State, change: () => Promise<T>) =>
    change().finally(() => directory.forget(credentialId));
  // A new credential is nowhere in the lists: asked for by its id, and not from what was listed before.
  const findNow = async (state: State) => {
    const found = await api.credential(state.credentialId);
    if (found !== undefined && found.userId !== state.userId) throw takenByAnother(found);
    return found === undefined ? undefined : seen(state, found);
  };

  return {
    async begin(inputs) {
      const { name, signCount: declaredCount, rpId, origin, ...rest } = inputs;
      const keys = await keysFor(inputs, { api: system.api, derivation, random: dependencies.random });
      const state: State = {
        ...rest,
        ...keys,
        declared: { name, signCount: declaredCount, rpId, origin },
        rpId: rpId ?? system.rpId,
        origin: origin ?? system.origin,
        userHandle: Buffer.from(inputs.userId, "utf8").toString("base64url"),
        signCount: declaredCount ?? 0,
        proven: false,
      };
      const id = state.credentialId;
      // What chance has just made can't stand anywhere yet.
      const found = keys.keySource === "derived" ? await findNow(state) : undefined;
      if (found === undefined) return { id, state, from: "register" };
      // Only this stack's seed yields this id and key: it is ours, whatever became of the state.
      if (inputs.adopt === "never") throw alreadyRegistered();
      return { id, state: found, from: "name" };
    },

    async register(state) {
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
      const response = createCredential(options, sourceOf(state), { origin: state.origin, signCount: state.signCount });
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
      const options = await api.initializeLogin({ userId: state.userId });
      const counted = signCount();
      const response = getAssertion(options, sourceOf(state), { origin: state.origin, signCount: counted });
      await api.finalizeLogin(response, state.rpId);
      return { ...state, signCount: counted, proven: true };
    },

    async read(state) {
      const found = await directory.read(state.credentialId);
      return found === undefined ? { gone: true } : { gone: false, state: seen(state, found) };
    },

    async remove(state) {
      await changing(state, () => api.remove(state.credentialId));
    },
  };
}

function seen(state: State, { name, createdAt }: HankoCredentialInfo): State {
  const { name: _, ...rest } = state;
  return { ...rest, ...(name === undefined ? {} : { name }), ...(createdAt === undefined ? {} : { createdAt }) };
}

function alreadyRegistered(): AuthnError {
  return new AuthnError({
    code: "ERR_AUTHN_ALREADY_EXISTS",
    what: "This credential is registered already (adopt: never)",
    remedy:
      "Remove it in the service, or leave `adopt` out: its id comes from this stack's seed, so it is this stack's",
  });
}

function takenByAnother({ userId }: HankoCredentialInfo): AuthnError {
  return new AuthnError({
    code: "ERR_AUTHN_ALREADY_EXISTS",
    what: `A credential with this id is registered already, for the user ${userId}`,
    remedy: "Remove it in the service, or raise `generation` to make another one",
  });
}

function otherRelyingParty(asked: string, expected: string): AuthnError {
  return new AuthnError({
    code: "ERR_AUTHN_CONFIGURATION",
    what: `The Hanko tenant is for the relying party ${asked}, and the credential is declared for ${expected}`,
    remedy: "Set hanko:rpId (or the credential's rpId) to what the tenant is configured with, or use another tenant",
  });
}

function notFound(): AuthnError {
  return new AuthnError({
    code: "ERR_AUTHN_PROOF_FAILED",
    what: "Hanko took the registration, and then doesn't have the credential",
    remedy: "Look whether somebody removed it meanwhile; the next `up` makes it again",
  });
}
