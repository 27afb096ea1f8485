/**
 * Keyri's wire: registration and login as the documentation's sample has them, and the assumed key management beside them
 * (contracts/keyri.md). One function a call; what a status means is said here and nowhere else.
 */
import { z } from "zod";
import { AuthnError } from "../errors.js";
import type { HttpClient } from "../http/client.js";
import type { KeyriLogin } from "./login.js";
import { normalisePublicKey } from "./publicKey.js";
import type { KeyriSettings } from "./settings.js";

export interface KeyriKey {
  /** Standard base64 of the SPKI DER. */
  readonly pubKey: string;
  readonly username: string;
}

/** The calls of a Keyri backend. Each throws an `HttpError` for what the service didn't take. */
export interface KeyriApi {
  /** False: the key was registered for this user already. */
  register(key: KeyriKey): Promise<boolean>;
  /** Throws `ERR_AUTHN_PROOF_FAILED` with the service's words where it refuses the login. */
  login(login: KeyriLogin): Promise<void>;
  /** The user's keys, in the normal form. */
  list(username: string): Promise<readonly string[]>;
  /** False: it was gone already. */
  remove(key: KeyriKey): Promise<boolean>;
}

const JSON_HEADERS = { "content-type": "application/json" };
const answerMessage = z.looseObject({ message: z.string() });

export function keyriApi(http: HttpClient, { paths, fields, loginFormat }: KeyriSettings): KeyriApi {
  const keyBody = ({ pubKey, username }: KeyriKey) =>
    JSON.stringify({ [fields.pubKey]: pubKey, [fields.username]: username });
  const keyRow = z.looseObject({ [fields.pubKey]: z.string(), [fields.username]: z.string() });

  return {
    async register(key) {
      const answer = await http.call({
        operation: "keyri register",
        method: "POST",
        path: paths.registration,
        headers: JSON_HEADERS,
        body: keyBody(key),
        // 409 is assumed: the sample inserts blindly, a backend that checks says so like this.
        answers: [200, 409],
      });
      if (answer.status === 409) return false;
      answer.json(answerMessage);
      return true;
    },

    async login(login) {
      const plain = {
        [fields.pubKey]: login.pubKey,
        [fields.username]: login.username,
        [fields.data]: login.data,
        [fields.signature]: login.signature,
      };
      const body = JSON.stringify(loginFormat === "fields" ? plain : { [fields.payload]: JSON.stringify(plain) });
      const answer = await http.call({
        operation: "keyri login",
        method: "POST",
        path: paths.login,
        headers: JSON_HEADERS,
        body,
        // Whoever reads the signature before the backend has taken it can log in with it.
        secrets: [body, login.signature],
        answers: [200, 400],
      });
      const { message } = answer.json(answerMessage);
      if (answer.status === 200) return;
      throw new AuthnError({
        code: "ERR_AUTHN_PROOF_FAILED",
        what: `Keyri refused the signed login: ${answer.excerpt(message)}`,
        where: `request ${answer.requestId}`,
        remedy:
          "Check that this machine's clock is right to the minute, and that the backend verifies the signature over the text of `data`",
      });
    },

    async list(username) {
      const answer = await http.call({
        operation: "keyri keys",
        method: "GET",
        path: paths.keys,
        query: { [fields.username]: username },
        // 404 is no answer: a wrong path would make every key look gone.
        answers: [200],
      });
      const rows = answer.json(z.array(keyRow));
      return rows
        .filter((row) => row[fields.username] === username)
        .map((row) => {
          const stored = String(row[fields.pubKey]);
          const normal = normalisePublicKey(stored);
          return normal.ok ? normal.publicKey : stored;
        });
    },

    async remove(key) {
      const answer = await http.call({
        operation: "keyri remove key",
        method: "DELETE",
        path: paths.keys,
        headers: JSON_HEADERS,
        body: keyBody(key),
        answers: [204, 200, 404],
      });
      return answer.status !== 404;
    },
  };
}
