/** One customer at the Authentication Service: its calls, and the key that client states are sealed with, asked for at most once. */
import type { Random } from "../host/lifecycle.js";
import { once } from "../host/once.js";
import type { HttpClient } from "../http/client.js";
import { type KeylessAuthenticationApi, keylessAuthenticationApi } from "./authentication.js";
import { chooseEncryptionKey, type OfferedEncryptionKey } from "./encryptionKey.js";
import { sealClientState } from "./seal.js";
import type { KeylessSettings } from "./settings.js";

export interface KeylessAccount {
  readonly api: KeylessAuthenticationApi;
  /** The key that the service offers, whether it is used or not. */
  offeredKey(): Promise<OfferedEncryptionKey>;
  /** False: the username is taken. */
  importClientState(of: { readonly username: string; readonly clientState: string }): Promise<boolean>;
}

export function keylessAccount(
  http: HttpClient,
  settings: KeylessSettings,
  customer: string,
  { random, warn }: { readonly random: Pick<Random, "bytes">; readonly warn: (line: string) => void },
): KeylessAccount {
  const api = keylessAuthenticationApi(http, customer);
  const offeredKey = once(() => api.encryptionKey());
  const chosenKey = once(() => chooseEncryptionKey(settings, offeredKey, warn));
  return {
    api,
    offeredKey,
    async importClientState({ username, clientState }) {
      const { keyId, key } = await chosenKey();
      return api.importClientState({ username, keyId, sealed: sealClientState(clientState, key, random), clientState });
    },
  };
}
