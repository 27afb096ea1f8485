/**
 * The wire of Keyless's Authentication Service: users by customer and username, and the import of their client states
 * (contracts/keyless.md, "Authentication Service"). One function a call; what a status means is said here and nowhere else.
 */
import { z } from "zod";
import type { HttpClient } from "../http/contract.js";
import { addressOf } from "./address.js";
import { KEY_ALGORITHM, type OfferedEncryptionKey } from "./encryptionKey.js";
import { keylessIdText } from "./keylessId.js";
import { CLIENT_STATE_ALGORITHM, type SealedClientState } from "./seal.js";
import { secretTextsOf } from "./secretTexts.js";

export interface KeylessImport {
  readonly username: string;
  /** The id of the key that the state was sealed for. */
  readonly keyId: string;
  readonly sealed: SealedClientState;
  /** What was sealed: the service opens it, and no error may show it should the service repeat it. */
  readonly clientState?: string | undefined;
  /** Default: the configuration's. */
  readonly customer?: string | undefined;
}

/** What stands under a username. `known` tells 404 from an answer: a wrong address gives a 404 as well. */
export type KeylessUserStatus =
  | { readonly known: boolean; readonly isEnrolled: false; readonly keylessId?: string | undefined }
  | { readonly known: true; readonly isEnrolled: true; readonly keylessId: string };

/** The calls of the Authentication Service. Each throws an `HttpError` for what the service didn't take. */
export interface KeylessAuthenticationApi {
  /** The key to seal client states for. The vendor means it for demonstrations: see `chooseEncryptionKey`. */
  encryptionKey(customer?: string): Promise<OfferedEncryptionKey>;
  user(username: string, customer?: string): Promise<KeylessUserStatus>;
  /** False: the username is taken (assumed). */
  importClientState(imported: KeylessImport): Promise<boolean>;
  /** Opaque, a secret. It may create a backup device: never a way to read. */
  exportClientState(username: string, customer?: string): Promise<string>;
}

const MAX_STATE_BYTES = 16 * 1024 * 1024;
const USER = "/v1/users/{customer}/{username}";

const offeredKey = z.object({
  keyId: z.string("must be text").regex(/^[\x21-\x7e]{1,512}$/, "must be printable ASCII without spaces"),
  supportedAlgorithms: z.array(z.string("must be text"), "must be a list"),
  publicKey: z.string("must be text"),
});
const userStatus = z.discriminatedUnion(
  "isEnrolled",
  [
    z.object({ isEnrolled: z.literal(true), keylessId: keylessIdText }),
    // Without a face the id says nothing: null, empty and absent are one.
    z.object({ isEnrolled: z.literal(false), keylessId: keylessIdText.optional().catch(undefined) }),
  ],
  "must be true or false",
);

/** @param ownCustomer the tenant's name, where a call doesn't name another */
export function keylessAuthenticationApi(http: HttpClient, ownCustomer: string): KeylessAuthenticationApi {
  return {
    async encryptionKey(customer = ownCustomer) {
      const answer = await http.call({
        operation: "Keyless Authentication Service encryption key",
        method: "GET",
        ...addressOf("/v1/customers/{customer}/client-state-encryption", { customer }),
        answers: [200],
      });
      return answer.json(offeredKey);
    },

    async user(username, customer = ownCustomer) {
      const answer = await http.call({
        operation: "Keyless Authentication Service user",
        method: "GET",
        ...addressOf(USER, { customer, username }),
        answers: [200, 404],
      });
      if (answer.status === 404) return { known: false, isEnrolled: false };
      return { known: true, ...answer.json(userStatus) };
    },

    async importClientState({ username, keyId, sealed, clientState, customer = ownCustomer }) {
      const answer = await http.call({
        operation: "Keyless Authentication Service import",
        method: "POST",
        ...addressOf(`${USER}/import-client-state`, { customer, username }),
        headers: {
          "content-type": "application/octet-stream",
          "kl-key-id": keyId,
          "kl-key-algorithm": KEY_ALGORITHM,
          "kl-client-state-key": sealed.wrappedKeyHex,
          "kl-client-state-algorithm": CLIENT_STATE_ALGORITHM,
        },
        body: sealed.body,
        ...(clientState === undefined ? {} : { secrets: secretTextsOf(clientState) }),
        answers: [200, 409],
      });
      if (answer.status === 409) return false;
      // What it holds is opaque; but a page of a proxy before the service is no import.
      if (answer.text().trim() !== "") answer.json(z.unknown());
      return true;
    },

    async exportClientState(username, customer = ownCustomer) {
      const answer = await http.call({
        operation: "Keyless Authentication Service export",
        method: "POST",
        ...addressOf(`${USER}/export-client-state`, { customer, username }),
        answers: [200],
        maxBodyBytes: MAX_STATE_BYTES,
      });
      return answer.text();
    },
  };
}
