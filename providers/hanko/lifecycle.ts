/**
 * The life of a `HankoCredential`: registered by the software authenticator, named, looked at, proven by a login; on either
 * generation of the API (contracts/hanko.md, "What follows for HankoCredential").
 */
import type { Lifecycle } from "../host/lifecycle.js";
import { UNKNOWN } from "../host/unknown.js";
import { breaksPasskeyLogin, type HankoCredentialInputs, hankoCredentialInputs } from "./inputs.js";
import type { HankoSession } from "./session.js";
import { type HankoSettings, hankoSection } from "./settings.js";
import { type HankoCredentialState, hankoCredentialState } from "./state.js";

const SIXTEEN_BYTES =
  "has 16 bytes in UTF-8, which the Passkey API takes for a UUID when somebody logs in: give it a longer or shorter one";

export const hankoCredentialLifecycle: Lifecycle<
  HankoCredentialInputs,
  HankoCredentialState,
  HankoSettings,
  HankoSession
> = {
  type: "HankoCredential",
  inputs: hankoCredentialInputs,
  state: hankoCredentialState,
  schemaVersion: 1,
  migrations: {},
  settings: hankoSection,
  properties: {
    userId: "replace",
    username: "replace",
    displayName: "replace",
    name: "update",
    algorithm: "replace",
    attestation: "replace",
    residentKey: "replace",
    userVerification: "replace",
    attachment: "replace",
    transports: "replace",
    aaguid: "replace",
    backupEligible: "replace",
    signCount: "replace",
    rpId: "replace",
    origin: "replace",
    generation: "replace",
    prove: "update",
    onDelete: "update",
    adopt: "ignore",
  },

  unprintable: [],

  judge({ userId }, settings) {
    const breaks = typeof userId === "string" && userId !== UNKNOWN && breaksPasskeyLogin(userId);
    return breaks && settings?.api === "passkey" ? [{ property: "userId", reason: SIXTEEN_BYTES }] : [];
  },

  inputsOf(state) {
    const { userId, username, displayName, algorithm, attestation, residentKey, userVerification, attachment } = state;
    const { transports, aaguid, backupEligible, prove, generation, adopt, onDelete, owner, declared } = state;
    return {
      ...{ userId, username, displayName, algorithm, attestation, residentKey, userVerification, attachment },
      ...{ transports, aaguid, backupEligible, prove, generation, adopt, onDelete, owner },
      // A name that nobody declared is the service's own affair.
      name: declared.name === undefined ? undefined : state.name,
      signCount: declared.signCount,
      rpId: declared.rpId,
      origin: declared.origin,
    };
  },

  effective(inputs) {
    const { transports } = inputs;
    return {
      ...inputs,
      displayName: inputs["displayName"] ?? inputs["username"],
      algorithm: inputs["algorithm"] ?? "ES256",
      attestation: inputs["attestation"] ?? "none",
      residentKey: inputs["residentKey"] ?? "preferred",
      userVerification: inputs["userVerification"] ?? "preferred",
      attachment: inputs["attachment"] ?? "platform",
      transports: Array.isArray(transports) ? [...transports].sort() : (transports ?? ["internal"]),
      aaguid: lowerCase(inputs["aaguid"]) ?? NO_MODEL,
      backupEligible: inputs["backupEligible"] ?? false,
      signCount: inputs["signCount"] ?? 0,
      prove: inputs["prove"] ?? true,
      generation: inputs["generation"] ?? 1,
    };
  },

  applied(state, { name, prove, adopt, onDelete, owner }) {
    return { ...state, prove, adopt, onDelete, owner, declared: { ...state.declared, name } };
  },

  async session(settings, dependencies) {
    const { openHankoSession } = await import("./session.js");
    return openHankoSession(settings, dependencies);
  },

  begin: (session, inputs) => session.begin(inputs),

  steps: [
    {
      name: "register",
      run: (session, state) => session.register(state),
      // Initialize without finalize leaves nothing; whether finalize took effect, the credential says.
      lost: (session, state) => session.findRegistered(state),
    },
    {
      name: "name",
      run: (session, state) => session.rename(state, state.declared.name),
      lost: "repeat",
      unwritten: ({ declared, name }) => declared.name === undefined || declared.name === name,
    },
    { name: "look", run: (session, state) => session.lookAt(state), lost: "repeat" },
    {
      name: "prove",
      run: (session, state) => (isProofDue(state) ? session.prove(state) : Promise.resolve(state)),
      // Each login has a challenge of its own: a second one does no harm.
      lost: "repeat",
      unwritten: () => true,
    },
  ],

  changes: [
    {
      name: "rename",
      needed: (state, { name }) => name !== undefined && name !== state.name,
      run: (session, state, { name }) => session.rename(state, name),
    },
    {
      name: "prove later",
      needed: (state, { prove }) => isProofDue({ ...state, prove }),
      run: (session, state) => session.prove(state),
    },
  ],

  read: (session, _id, state) => session.read(state),

  delete: (session, _id, state) => session.remove(state),

  secretsOf: ({ privateKey }) => [privateKey],
};

const NO_MODEL = "00000000-0000-0000-0000-000000000000";

function lowerCase(text: unknown): unknown {
  return typeof text === "string" ? text.toLowerCase() : text;
}

function isProofDue({ prove, proven }: HankoCredentialState): boolean {
  return (prove ?? true) && !proven;
}
