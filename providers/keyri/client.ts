/** `createKeyriClient`: the calls of a Keyri backend for a user's own tests, beside the resource (contracts/keyri.md). */
import { usableOptions } from "../host/clientOptions.js";
import { realDependencies } from "../host/dependencies.js";
import { type KeyriApi, keyriApi } from "./api.js";
import { keyriHttp } from "./http.js";
import { keyriSection } from "./settings.js";

export interface KeyriClientOptions {
  /** The backend's base address. */
  readonly url: string;
  /** Sent as `Authorization: Bearer …`. */
  readonly token?: string;
  /** Default "payload". */
  readonly loginFormat?: "payload" | "fields";
  readonly paths?: { readonly registration?: string; readonly login?: string; readonly keys?: string };
  readonly fields?: {
    readonly payload?: string;
    readonly pubKey?: string;
    readonly username?: string;
    readonly data?: string;
    readonly signature?: string;
  };
  /** Hosts beside loopback that may be called; default none. */
  readonly allowedHosts?: readonly string[];
  /** The whole request; default 30 000. */
  readonly timeoutMs?: number;
}

/**
 * A client of a Keyri backend.
 * @throws AuthnError `ERR_AUTHN_CONFIGURATION` for options that can't be used, `ERR_AUTHN_HOST_REFUSED` for a host that isn't allowed
 * @example
 * const keyri = createKeyriClient({ url: tenant.record.keyri.url, token: tenant.record.keyri.token });
 * await keyri.login(signKeyriLogin({ username: "ada", privateKey }));
 */
export function createKeyriClient(options: KeyriClientOptions): KeyriApi {
  const { allowedHosts = [], timeoutMs = 30_000, ...backend } = options;
  const settings = usableOptions("createKeyriClient", keyriSection.schema, backend);
  const http = keyriHttp(settings, { allowedHosts: [...allowedHosts], timeoutMs }, realDependencies());
  return keyriApi(http, settings);
}
