/**
 * The life of a `KeyriPublicKey`: register the key, prove it by a signed login, look it up, remove it (contracts/keyri.md,
 * "What follows for KeyriPublicKey"). HTTP and cryptography are loaded by the session, not by check and diff.
 */
import type { Lifecycle } from "../host/lifecycle.js";
import { UNKNOWN } from "../host/unknown.js";
import { type KeyriPublicKeyInputs, keyriPublicKeyInputs } from "./inputs.js";
import { normalisePublicKey } from "./publicKey.js";
import type { KeyriSession } from "./session.js";
import { type KeyriSettings, keyriSection } from "./settings.js";
import { type KeyriPublicKeyState, keyriPublicKeyState } from "./state.js";

const ONLY_THE_DEVICE_SIGNS =
  "can't be true with a given publicKey: only the device holds its private key. Leave it out";
const ONLY_GENERATED_KEYS_HAVE_GENERATIONS = "can't be set with a given publicKey, which isn't generated. Leave it out";

export const keyriPublicKeyLifecycle: Lifecycle<
  KeyriPublicKeyInputs,
  KeyriPublicKeyState,
  KeyriSettings,
  KeyriSession
> = {
  type: "KeyriPublicKey",
  inputs: keyriPublicKeyInputs,
  state: keyriPublicKeyState,
  schemaVersion: 1,
  migrations: {},
  settings: keyriSection,
  properties: {
    username: "replace",
    publicKey: "replace",
    generation: "replace",
    prove: "update",
    onDelete: "update",
    adopt: "ignore",
  },

  unprintable: ["publicKey"],

  judge({ publicKey, prove, generation }) {
    if (publicKey === undefined) return [];
    const key = typeof publicKey === "string" && publicKey !== UNKNOWN ? normalisePublicKey(publicKey) : undefined;
    return [
      ...(key === undefined || key.ok ? [] : [{ property: "publicKey", reason: key.reason }]),
      ...(prove === true ? [{ property: "prove", reason: ONLY_THE_DEVICE_SIGNS }] : []),
      ...(typeof generation === "number" && generation !== 1
        ? [{ property: "generation", reason: ONLY_GENERATED_KEYS_HAVE_GENERATIONS }]
        : []),
    ];
  },

  normal(inputs) {
    const key = inputs.publicKey === undefined ? undefined : normalisePublicKey(inputs.publicKey);
    return key?.ok ? { ...inputs, publicKey: key.publicKey } : inputs;
  },

  inputsOf({ username, publicKey, keySource, prove, generation, adopt, onDelete, owner }) {
    return {
      username,
      publicKey: keySource === "given" ? publicKey : undefined,
      prove,
      generation,
      adopt,
      onDelete,
      owner,
    };
  },

  effective(inputs) {
    const generated = inputs["publicKey"] === undefined;
    return {
      ...inputs,
      prove: inputs["prove"] ?? generated,
      generation: generated ? (inputs["generation"] ?? 1) : undefined,
    };
  },

  applied(state, { prove, generation, adopt, onDelete, owner }) {
    return { ...state, prove, generation, adopt, onDelete, owner };
  },

  async session(settings, dependencies) {
    const { openKeyriSession } = await import("./session.js");
    return openKeyriSession(settings, dependencies);
  },

  async begin(session, inputs) {
    const key = session.keyFor(inputs);
    const begun = { ...inputs, ...key, proven: false };
    const id = session.keyIdOf(key.publicKey);
    // A key that chance has just made can't stand anywhere yet.
    const stands = key.keySource !== "random" && (await isRegistered(session, begun));
    if (!stands) return { id, state: begun, from: "register" };
    const rule = inputs.adopt ?? "owned";
    if (rule === "always") return { id, state: begun, from: "prove", adopted: key.keySource === "given" };
    // Only this stack's seed yields this key: it is ours, whatever became of the state.
    if (rule === "owned" && key.keySource === "derived") return { id, state: begun, from: "prove" };
    // Retained on delete, it is meant to be found standing (after a forced replacement, say); it will not be removed.
    if (rule === "owned" && inputs.onDelete === "retain") return { id, state: begun, from: "prove", adopted: true };
    throw session.alreadyRegistered(rule);
  },

  steps: [
    {
      name: "register",
      async run(session, state) {
        const made = await session.api.register({ pubKey: state.publicKey, username: state.username });
        // Between the look-up and now someone else registered it: for a given key, that is not us.
        if (!made && state.keySource === "given") throw session.alreadyRegistered(state.adopt ?? "owned");
        return state;
      },
      // No answer says whether the key was stored: the list does. A second POST might store it twice.
      lost: async (session, state) => ((await isRegistered(session, state)) ? state : undefined),
    },
    {
      name: "prove",
      run: (session, state) => (isProofDue(state) ? prove(session, state) : Promise.resolve(state)),
      // Each login has a nonce of its own: a second one does no harm.
      lost: "repeat",
      unwritten: () => true,
    },
  ],

  changes: [
    {
      name: "prove later",
      needed: (state, { prove }) => isProofDue({ ...state, prove }),
      run: (session, state) => prove(session, state),
    },
  ],

  async read(session, _id, state) {
    if (!(await isRegistered(session, state))) return { gone: true };
    return { gone: false, state };
  },

  async delete(session, _id, state) {
    await session.api.remove({ pubKey: state.publicKey, username: state.username });
  },

  secretsOf: ({ privateKey }) => (privateKey === undefined ? [] : [privateKey]),
};

async function isRegistered(session: KeyriSession, { username, publicKey }: KeyriPublicKeyState): Promise<boolean> {
  return (await session.api.list(username)).includes(publicKey);
}

function isProofDue({ privateKey, prove, proven }: KeyriPublicKeyState): boolean {
  return privateKey !== undefined && (prove ?? true) && !proven;
}

async function prove(session: KeyriSession, state: KeyriPublicKeyState): Promise<KeyriPublicKeyState> {
  await session.api.login(session.loginFor(state));
  return { ...state, proven: true };
}
