/** The Passkey API behind the interface of both generations; what a token says is verified (contracts/hanko.md, "Passkey API"). */
import type { Random } from "../host/lifecycle.js";
import type { HankoApi, HankoCredentialInfo, HankoProof } from "./api.js";
import type { HankoPasskeyCredential } from "./credentialRows.js";
import type { HankoPasskeyApi } from "./passkeyApi.js";
import type { VerifyHankoToken } from "./tokens.js";
import { assertStandsFor } from "./transactionChallenge.js";

const PAGE_SIZE = 100;

export function passkeyGeneration(
  api: HankoPasskeyApi,
  verifyToken: VerifyHankoToken,
  random: Pick<Random, "uuid">,
): HankoApi {
  const proofOf = async (token: string): Promise<HankoProof> => {
    const { userId, credentialId, transactionId } = await verifyToken(token);
    return { userId, credentialId, transactionId, token };
  };
  return {
    initializeRegistration: ({ user }) =>
      api.initializeRegistration({ userId: user.id, username: user.name, displayName: user.displayName }),

    async finalizeRegistration(response) {
      await api.finalizeRegistration(response);
    },

    async credential(id) {
      const found = await api.credential(id);
      return found === undefined ? undefined : infoOf(found);
    },

    async page(cursor, userId) {
      // A tenant may hold many more than ours, and ours are likelier to be its newest.
      const { credentials, next } = await api.credentials({ userId, page: cursor, perPage: PAGE_SIZE, order: "desc" });
      return { credentials: credentials.map(infoOf), next };
    },

    rename: (id, name) => api.renameCredential(id, name),

    remove: (id) => api.deleteCredential(id),

    initializeLogin: (login) => api.initializeLogin(login),

    finalizeLogin: async (response) => proofOf(await api.finalizeLogin(response)),

    async initializeTransaction({ userId, transactionId = random.uuid(), data }) {
      const options = await api.initializeTransaction({ userId, transactionId, transactionData: data });
      assertStandsFor(options.challenge, transactionId, data);
      return options;
    },

    finalizeTransaction: async (response) => proofOf(await api.finalizeTransaction(response)),
  };
}

function infoOf(row: HankoPasskeyCredential): HankoCredentialInfo {
  return {
    id: row.id,
    userId: row.user_id,
    name: row.name,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    aaguid: row.aaguid,
    publicKey: row.public_key,
    attestationType: row.attestation_type,
    backupEligible: row.backup_eligible,
    backupState: row.backup_state,
  };
}
