/**
 * The credentials of a tenant of Hanko's Passkey API: listed, read, renamed, removed (contracts/hanko.md, "Passkey API"). One function a
 * call; what a status means is said here and nowhere else.
 */
import { z } from "zod";
import { credentialPath } from "./credentialPath.js";
import { type HankoPasskeyCredential, passkeyCredential } from "./credentialRows.js";
import type { HankoHttp } from "./http.js";
import { callWithMeanings, type Meanings } from "./meanings.js";

export interface HankoPasskeyQuery {
  readonly userId?: string | undefined;
  /** From 1; default 1. */
  readonly page?: number | undefined;
  /** Default 20. */
  readonly perPage?: number | undefined;
  /** By the time of creation; default: newest first. */
  readonly order?: "asc" | "desc" | undefined;
}

export interface HankoPasskeyPage {
  readonly credentials: readonly HankoPasskeyCredential[];
  /** Of all pages; undefined where the service doesn't say. */
  readonly total?: number | undefined;
  /** The number of the next page; undefined: this was the last. */
  readonly next?: number | undefined;
}

/** Each throws an `HttpError` for what the service didn't take. */
export interface HankoPasskeyCredentials {
  credentials(query?: HankoPasskeyQuery): Promise<HankoPasskeyPage>;
  /** Undefined: 404, there is no such credential; an unknown tenant says so too. */
  credential(id: string): Promise<HankoPasskeyCredential | undefined>;
  renameCredential(id: string, name: string): Promise<void>;
  /** False: 404, it was gone already. */
  deleteCredential(id: string): Promise<boolean>;
}

const DEFAULT_PER_PAGE = 20;
const UNKNOWN_CREDENTIAL: Meanings = {
  404: { what: "Hanko has no such credential", remedy: "Refresh: it may have been removed from the service" },
};

export function passkeyCredentials(keyed: HankoHttp): HankoPasskeyCredentials {
  return {
    async credentials({ userId, page = 1, perPage = DEFAULT_PER_PAGE, order } = {}) {
      const answer = await keyed.call({
        operation: "Hanko Passkey API credentials",
        method: "GET",
        path: "/credentials",
        query: {
          ...(userId === undefined ? {} : { user_id: userId }),
          page: String(page),
          per_page: String(perPage),
          ...(order === undefined ? {} : { order }),
        },
        answers: [200],
      });
      const credentials = answer.json(z.array(passkeyCredential, "must be a list"));
      const { headers } = answer;
      const count = headers["x-total-count"]?.trim() ?? "";
      const total = /^\d+$/.test(count) ? Number(count) : undefined;
      const more =
        hasNext(headers["link"]) ?? (total === undefined ? credentials.length >= perPage : page * perPage < total);
      return { credentials, total, next: more ? page + 1 : undefined };
    },

    async credential(id) {
      const answer = await keyed.call({
        operation: "Hanko Passkey API credential",
        method: "GET",
        ...credentialPath(id),
        answers: [200, 404],
      });
      return answer.status === 404 ? undefined : answer.json(passkeyCredential);
    },

    async renameCredential(id, name) {
      await callWithMeanings(
        keyed,
        {
          operation: "Hanko Passkey API rename credential",
          method: "PATCH",
          ...credentialPath(id),
          // The name and nothing else: with `CredentialId` beside it, it would rename another credential.
          body: JSON.stringify({ name }),
          answers: [204],
          repeatable: true,
        },
        UNKNOWN_CREDENTIAL,
      );
    },

    async deleteCredential(id) {
      const answer = await keyed.call({
        operation: "Hanko Passkey API delete credential",
        method: "DELETE",
        ...credentialPath(id),
        answers: [204, 404],
      });
      return answer.status !== 404;
    },
  };
}

/** What `Link` says (RFC 8288); undefined where a proxy took it away. */
function hasNext(link: string | undefined): boolean | undefined {
  return link === undefined ? undefined : /;\s*rel="?next\b/i.test(link);
}
