/**
 * The life of a `KeylessUser`: enrol at the agent, register and commit with the Operations Service, import the client state into
 * the Authentication Service, see that it is enrolled (contracts/keyless.md, "What follows for KeylessUser").
 *
 * | call | its answer is lost: what may have happened | how the next run finds out |
 * |---|---|---|
 * | enrol, offline | nothing that stands anywhere | enrols again |
 * | enrol, online | a user whose keylessId nobody got to know | can't: no call finds it; the error says so |
 * | register | the user is uncommitted, which no call shows | commits: only what is there can be committed |
 * | commit | the user is committed | reads its devices: only a committed user has an answer; a second commit is 404 or 409 |
 * | import | the username is enrolled | reads the username: this keylessId, another one's, or free |
 * | external id, confirm, revoke, delete | it is done | repeats: a second time does no harm |
 */
import type { Lifecycle } from "../host/lifecycle.js";
import { UNKNOWN } from "../host/unknown.js";
import { type KeylessUserInputs, keylessUserInputs } from "./inputs.js";
import { inspectImage } from "./inspection.js";
import type { KeylessSession } from "./session.js";
import { type KeylessSettings, keylessSection } from "./settings.js";
import { isRevocationDue, type KeylessUserState, keylessUserState, withoutSpentSecrets } from "./state.js";

export const keylessUserLifecycle: Lifecycle<KeylessUserInputs, KeylessUserState, KeylessSettings, KeylessSession> = {
  type: "KeylessUser",
  inputs: keylessUserInputs,
  state: keylessUserState,
  schemaVersion: 1,
  migrations: {},
  settings: keylessSection,
  properties: {
    username: "replace",
    // A picture that was moved shows the same face: what it shows is compared.
    image: "update",
    imageSha256: "replace",
    scenario: "replace",
    exifTranspose: "replace",
    customer: "replace",
    // How somebody was enrolled is of no account once they are.
    enrollment: "ignore",
    externalUserId: "update",
    revokedDevices: "update",
    keepClientState: "update",
    onDelete: "update",
    adopt: "ignore",
  },

  unprintable: [],

  inspect: inspectImage,

  inputsOf(state) {
    const { username, image, imageSha256, scenario, enrollment, exifTranspose, customer } = state;
    const { externalUserId, revokedDevices, keepClientState, adopt, onDelete, owner } = state;
    const enrolment = { username, image, imageSha256, scenario, enrollment, exifTranspose, customer };
    return { ...enrolment, externalUserId, revokedDevices, keepClientState, adopt, onDelete, owner };
  },

  effective(inputs) {
    const { image, imageSha256, revokedDevices } = inputs;
    return {
      ...inputs,
      // What a picture shows is as unknown in a preview as where it lies.
      imageSha256: image === UNKNOWN ? UNKNOWN : imageSha256,
      exifTranspose: inputs["exifTranspose"] ?? false,
      keepClientState: inputs["keepClientState"] ?? false,
      revokedDevices: Array.isArray(revokedDevices) ? [...new Set(revokedDevices)].sort() : (revokedDevices ?? []),
    };
  },

  applied(state, { image, externalUserId, revokedDevices, keepClientState, adopt, onDelete, owner }) {
    const applied = { ...state, image, externalUserId, revokedDevices, keepClientState, adopt, onDelete, owner };
    return state.reached === "complete" ? withoutSpentSecrets(applied) : applied;
  },

  outputsDrifted(state) {
    const { enrolled, enrolledAs, clientState, externalUserId, linkedExternalUserId } = state;
    if (!enrolled) return clientState !== undefined && enrolledAs === undefined ? "update" : "replace";
    return linkedExternalUserId !== externalUserId || isRevocationDue(state) ? "update" : undefined;
  },

  async session(settings, dependencies) {
    const { openKeylessSession } = await import("./session.js");
    return openKeylessSession(settings, dependencies);
  },

  begin: (session, inputs) => session.begin(inputs),

  lostBeginning: ({ enrollment }) => (enrollment === "online" ? LOST_ENROLMENT : undefined),

  steps: [
    { name: "register", run: (session, state) => session.register(state), lost: committed },
    {
      name: "commit",
      run: (session, state) => session.commit(state),
      lost: committed,
      // An uncommitted user shows nowhere.
      blind: true,
    },
    {
      name: "import",
      run: (session, state) => session.importClientState(state),
      lost: (session, state) => session.findImported(state),
    },
    {
      name: "external id",
      run: (session, state) =>
        state.externalUserId === undefined
          ? Promise.resolve(state)
          : session.linkExternalUser(state, state.externalUserId),
      lost: "repeat",
      unwritten: ({ externalUserId }) => externalUserId === undefined,
    },
    { name: "confirm", run: (session, state) => session.confirm(state), lost: "repeat", unwritten: () => true },
  ],

  changes: [
    {
      name: "import again",
      needed: ({ enrolled, clientState }) => !enrolled && clientState !== undefined,
      run: (session, state) => session.importClientState(state),
    },
    {
      name: "change external id",
      needed: ({ linkedExternalUserId }, { externalUserId }) => linkedExternalUserId !== externalUserId,
      run: (session, state, { externalUserId }) => session.linkExternalUser(state, externalUserId),
    },
    {
      name: "revoke devices",
      needed: (state, { revokedDevices }) =>
        isRevocationDue({ ...state, revokedDevices }) || !isSubset(revokedDevices, state.revokedDevices),
      run: (session, state, { revokedDevices }) => session.revokeDevices(state, revokedDevices ?? []),
    },
  ],

  read: (session, _id, state) => session.look(state),

  delete: (session, _id, state) => session.remove(state),

  secretsOf: ({ clientState, serverState }) => [clientState, serverState].filter((text) => text !== undefined),
};

const LOST_ENROLMENT =
  "an online enrolment was cut off: a user may stand at the agent whose keylessId nobody got to know, and which no call can find";

async function committed(session: KeylessSession, state: KeylessUserState): Promise<KeylessUserState | undefined> {
  return (await session.isCommitted(state)) ? { ...state, reached: "committed" } : undefined;
}

/** What is newly declared revoked is revoked even where the devices aren't read. */
function isSubset(keys: readonly string[] = [], of: readonly string[] = []): boolean {
  return keys.every((key) => of.includes(key));
}
