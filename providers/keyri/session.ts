/**
 * What the calls of `KeyriPublicKey` share: the HTTP client, and where keys come from. Loaded at the first call only.
 */
import { createPublicKey } from "node:crypto";
import { AuthnError } from "../errors.js";
import { freshKeys } from "../host/freshKeys.js";
import type { Dependencies, SessionSettings } from "../host/lifecycle.js";
import { deriveP256, P256_DERIVATION_BYTES, randomP256 } from "../host/p256.js";
import { type KeyriApi, keyriApi } from "./api.js";
import { keyriHttp } from "./http.js";
import type { KeyriPublicKeyInputs } from "./inputs.js";
import { type KeyriLogin, signedLogin, signKeyriLogin } from "./login.js";
import { keyIdOf, publicKeyText } from "./publicKey.js";
import type { KeyriSettings } from "./settings.js";
import type { KeyriPublicKeyState } from "./state.js";

type Key = Pick<KeyriPublicKeyState, "publicKey" | "privateKey" | "keySource">;

export interface KeyriSession {
  readonly api: KeyriApi;
  keyFor(inputs: KeyriPublicKeyInputs): Key;
  keyIdOf(publicKey: string): string;
  loginFor(state: KeyriPublicKeyState): KeyriLogin;
  alreadyRegistered(adopt: "never" | "owned" | "always"): AuthnError;
}

const PURPOSE = "keyri/device-key/P-256";

export function openKeyriSession(
  { authn, system, derivation }: SessionSettings<KeyriSettings>,
  dependencies: Dependencies,
): KeyriSession {
  const fresh = freshKeys();
  return {
    api: keyriApi(keyriHttp(system, authn, dependencies), system),

    keyFor({ publicKey, generation, owner }) {
      if (publicKey !== undefined) return { publicKey, keySource: "given" };
      const key =
        derivation === undefined
          ? randomP256()
          : deriveP256(derivation(PURPOSE, owner, generation ?? 1, P256_DERIVATION_BYTES));
      const privateKey = key.export({ format: "der", type: "pkcs8" }).toString("base64");
      fresh.remember(privateKey, key);
      return {
        publicKey: publicKeyText(createPublicKey(key)),
        privateKey,
        keySource: derivation === undefined ? "random" : "derived",
      };
    },

    keyIdOf,

    loginFor({ username, publicKey, privateKey }) {
      if (privateKey === undefined) throw new TypeError("a given key has no private key to sign with");
      const nowMs = dependencies.clock.now();
      const key = fresh.find(privateKey);
      fresh.forget(privateKey);
      if (key !== undefined) return signedLogin(key, { username, publicKey, nowMs });
      return signKeyriLogin({ username, privateKey, nowMs });
    },

    alreadyRegistered(adopt) {
      return new AuthnError({
        code: "ERR_AUTHN_ALREADY_EXISTS",
        what: `This user has this key already, and nothing proves that this stack made it (adopt: ${adopt})`,
        remedy: 'Remove it in the service, or take it over with `adopt: "always"`',
      });
    },
  };
}
