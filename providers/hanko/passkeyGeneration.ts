/** The Passkey API behind the interface of both generations; what a token says is verified (contracts/hanko.md, "Passkey API"). */
import type { Random } from "../host/lifecycle.js";
import type { HankoApi, HankoCredentialInfo, HankoProof } from "./api.js";
import type { HankoPasskeyCredential } from "./credentialRows.js";
import type { HankoPasskeyApi } from "./passkeyApi.js";
import type { VerifyHankoToken } from "./tokens.js";
import { assertStandsFor, transactionDigest } from "./transactionChallenge.js";

const PAGE_SIZE = 100;

export function passkeyGeneration(
  api: HankoPasskeyApi,
  verifyToken: VerifyHankoToken,
  random: Pick<Random, "uuid">,
): HankoApi {
  const proofOf = async (token: string, rpId: string | undefined): Promise<HankoProof> => {
    const { userId, credentialId, transactionId } = await verifyToken(token, rpId);
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
      const { credentials, next, total } = await api.credentials({
        userId,
        page: cursor,
        perPage: PAGE_SIZE,
        order: "desc",
      });
      return { credentials: credentials.map(infoOf), next, total };
    },

    rename: (id, name) => api.renameCredential(id, name),

    remove: (id) => api.deleteCredential(id),

    initializeLogin: (login) => api.initializeLogin(login),

    finalizeLogin: async (response, rpId) => proofOf(await api.finalizeLogin(response), rpId),

    async initializeTransaction({ userId, transactionId = random.uuid(), data }) {
      // First of all: an id is spent once the service has seen it.
      const digest = transactionDigest(transactionId, data);
      const options = await api.initializeTransaction({ userId, transactionId, transactionData: data });
      assertStandsFor(options.challenge, digest);
      return options;
    },

    finalizeTransaction: async (response, rpId) => proofOf(await api.finalizeTransaction(response), rpId),
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
