/** The Authentication API behind the interface of both generations (contracts/hanko.md, "Authentication API"). */
import { AuthnError } from "../errors.js";
import type { HankoApi, HankoCredentialInfo, HankoProof } from "./api.js";
import type { HankoAuthenticationApi } from "./authenticationApi.js";
import type { HankoAuthenticationCredential } from "./credentialRows.js";

const PAGE_SIZE = 100;

export function authenticationGeneration(api: HankoAuthenticationApi): HankoApi {
  return {
    initializeRegistration({ user, attachment, requireResidentKey, userVerification, attestation }) {
      return api.initializeRegistration({
        user: { ...user, displayName: user.displayName ?? user.name },
        options: {
          authenticatorSelection: { authenticatorAttachment: attachment, requireResidentKey, userVerification },
          attestation,
        },
      });
    },

    async finalizeRegistration(response) {
      await api.finalizeRegistration(response);
    },

    async credential(id) {
      const found = await api.credential(id);
      return found === undefined ? undefined : infoOf(found);
    },

    async page(cursor = 1, userId) {
      const credentials = (await api.credentials({ userId, page: cursor, pageSize: PAGE_SIZE })).map(infoOf);
      // There is no total: the last page is the one that is short.
      return { credentials, next: credentials.length < PAGE_SIZE ? undefined : cursor + 1 };
    },

    async rename(id, name) {
      await api.updateCredential(id, { name });
    },

    remove: (id) => api.deleteCredential(id),

    initializeLogin: ({ userId } = {}) =>
      api.initializeAuthentication(userId === undefined ? {} : { user: { id: userId } }),

    finalizeLogin: async (response) => proofOf(await api.finalizeAuthentication(response)),

    async initializeTransaction({ userId, transactionId, data }) {
      if (typeof data !== "string") throw notSignable("signs a text, not other JSON", "Give the transaction as a text");
      if (transactionId !== undefined) throw notSignable("has no transaction ids", "Leave the transaction id out");
      return api.initializeTransaction({ user: { id: userId }, transaction: data });
    },

    finalizeTransaction: async (response) => proofOf(await api.finalizeTransaction(response)),
  };
}

function infoOf({
  id,
  name,
  createdAt,
  lastUsed,
  authenticator,
  user,
}: HankoAuthenticationCredential): HankoCredentialInfo {
  return { id, userId: user.id, name, createdAt, lastUsedAt: lastUsed, aaguid: authenticator?.aaguid };
}

function proofOf({ id, user }: HankoAuthenticationCredential): HankoProof {
  return { userId: user.id, credentialId: id };
}

function notSignable(why: string, remedy: string): AuthnError {
  return new AuthnError({ code: "ERR_AUTHN_INPUT", what: `Hanko's Authentication API ${why}`, remedy });
}
