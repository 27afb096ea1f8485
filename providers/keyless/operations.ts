/**
 * The wire of Keyless's Operations Service: users by their keylessId, their devices, their external ids
 * (contracts/keyless.md, "Operations Service"). One function a call; what a status means is said here and nowhere else.
 */
import { z } from "zod";
import type { HttpClient } from "../http/contract.js";
import { addressOf } from "./address.js";
import { keylessIdText } from "./keylessId.js";
import { secretTextsOf } from "./secretTexts.js";

export interface KeylessDevice {
  /** Standard base64. */
  readonly publicSigningKey: string;
  /** `ACTIVE`, or another of the vendor's. */
  readonly state: string;
  /** As the service writes it. */
  readonly createdAt?: string | undefined;
}

export interface KeylessExternalUser {
  readonly userId: string;
  readonly createdAt?: string | undefined;
}

/**
 * The calls of the Operations Service. Each throws an `HttpError` for what the service didn't take. Where absence is an answer,
 * it is a 404, which a wrong address gives as well.
 */
export interface KeylessOperationsApi {
  /** @param serverState sent byte for byte; @returns false: it stands already (assumed) */
  registerUncommitted(serverState: string): Promise<boolean>;
  /**
   * False: there is no such uncommitted user: it is committed already, or there never was one (assumed).
   * @param serverState what was registered: no error may show it, should the service repeat it
   */
  commit(keylessId: string, serverState?: string): Promise<boolean>;
  /** For ever. False: it was gone already. */
  deleteUser(keylessId: string): Promise<boolean>;
  /** Undefined: there is no such user. */
  devices(keylessId: string): Promise<readonly KeylessDevice[] | undefined>;
  /** False: it was gone already. */
  revokeDevice(keylessId: string, publicSigningKey: string): Promise<boolean>;
  /** The users that bear an external id, in whatever case it is written: several, or none. */
  usersOf(externalUserId: string): Promise<readonly KeylessExternalUser[]>;
  /** False: this user has one, or another user has this one. */
  linkExternalUser(keylessId: string, externalUserId: string): Promise<boolean>;
  /** Sets the external id in place of the one there is. May be repeated. */
  moveExternalUser(keylessId: string, externalUserId: string): Promise<void>;
  /** Case-sensitive, unlike `usersOf`. Also succeeds where there is none. */
  unlinkExternalUser(externalUserId: string): Promise<void>;
}

const JSON_HEADERS = { "content-type": "application/json" };

// A date is shown and not relied on: one of another type is left out.
const createdAt = z.string().optional().catch(undefined);
const success = z.object({ success: z.literal(true, "must be true") });
const devices = z.array(
  z.object({
    publicSigningKey: z.string("must be text").min(1, "must not be empty"),
    state: z.string("must be text"),
    createdAt,
  }),
  "must be a list",
);
const users = z.array(z.object({ userId: keylessIdText, createdAt }), "must be a list");

export function keylessOperationsApi(http: HttpClient): KeylessOperationsApi {
  const externalUser = (keylessId: string, externalUserId: string) => ({
    ...addressOf("/v2/users/{userId}/external-user", { userId: keylessId }),
    headers: JSON_HEADERS,
    body: JSON.stringify({ externalUserId }),
  });
  return {
    async registerUncommitted(serverState) {
      const answer = await http.call({
        operation: "Keyless Operations Service uncommitted user",
        method: "POST",
        path: "/v2/uncommitted-users",
        headers: JSON_HEADERS,
        body: serverState,
        secrets: secretTextsOf(serverState),
        answers: [201, 409],
      });
      return answer.status === 201;
    },

    async commit(keylessId, serverState) {
      const answer = await http.call({
        operation: "Keyless Operations Service commit",
        method: "POST",
        ...addressOf("/v2/uncommitted-users/{keylessId}/commit", { keylessId }),
        ...(serverState === undefined ? {} : { secrets: secretTextsOf(serverState) }),
        answers: [204, 404, 409],
      });
      return answer.status === 204;
    },

    async deleteUser(keylessId) {
      const answer = await http.call({
        operation: "Keyless Operations Service delete user",
        method: "DELETE",
        ...addressOf("/v2/users/{userId}", { userId: keylessId }),
        answers: [200, 404],
      });
      if (answer.status === 404) return false;
      return answer.json(success).success;
    },

    async devices(keylessId) {
      const answer = await http.call({
        operation: "Keyless Operations Service devices",
        method: "GET",
        ...addressOf("/v2/users/{userId}/devices", { userId: keylessId }),
        answers: [200, 404],
      });
      return answer.status === 404 ? undefined : answer.json(devices);
    },

    async revokeDevice(keylessId, publicSigningKey) {
      const answer = await http.call({
        operation: "Keyless Operations Service revoke device",
        method: "DELETE",
        ...addressOf("/v2/users/{userId}/devices/{publicSigningKey}", { userId: keylessId, publicSigningKey }),
        answers: [200, 404],
      });
      if (answer.status === 404) return false;
      return answer.json(success).success;
    },

    async usersOf(externalUserId) {
      const answer = await http.call({
        operation: "Keyless Operations Service users of an external id",
        method: "GET",
        ...addressOf("/v2/external-users/{username}/users", { username: externalUserId }),
        answers: [200],
      });
      return answer.json(users);
    },

    async linkExternalUser(keylessId, externalUserId) {
      const answer = await http.call({
        operation: "Keyless Operations Service link external id",
        method: "POST",
        ...externalUser(keylessId, externalUserId),
        answers: [201, 409],
      });
      return answer.status === 201;
    },

    async moveExternalUser(keylessId, externalUserId) {
      await http.call({
        operation: "Keyless Operations Service move external id",
        method: "PATCH",
        ...externalUser(keylessId, externalUserId),
        answers: [200],
        repeatable: true,
      });
    },

    async unlinkExternalUser(externalUserId) {
      await http.call({
        operation: "Keyless Operations Service unlink external id",
        method: "DELETE",
        ...addressOf("/v2/external-users/{username}", { username: externalUserId }),
        answers: [204],
      });
    },
  };
}
