/** `createKeylessClient`: the calls of Keyless's three services for a user's own tests, beside the resource (contracts/keyless.md). */
import { usableOptions } from "../host/clientOptions.js";
import { realDependencies } from "../host/dependencies.js";
import { keylessAccount } from "./account.js";
import { type KeylessAgentApi, keylessAgentApi } from "./agent.js";
import type { KeylessAuthenticationApi } from "./authentication.js";
import { keylessHttp } from "./http.js";
import { type KeylessOperationsApi, keylessOperationsApi } from "./operations.js";
import { keylessSection } from "./settings.js";

export interface KeylessClientState {
  readonly username: string;
  /** As enrolment gave it. */
  readonly clientState: string;
}

export interface KeylessClient {
  readonly agent: KeylessAgentApi;
  readonly operations: KeylessOperationsApi;
  readonly authentication: KeylessAuthenticationApi;
  /**
   * Seals the state for the pinned or fetched key, and imports it. False: the username is taken (assumed).
   * @throws AuthnError `ERR_AUTHN_CONFIGURATION` for a key that isn't the pinned one or can't be used
   */
  importClientState(state: KeylessClientState): Promise<boolean>;
}

export interface KeylessClientOptions {
  /** The base addresses of the three services. */
  readonly agentUrl: string;
  readonly operationsUrl: string;
  readonly authenticationUrl: string;
  readonly customer: string;
  readonly apiKey: string;
  /** Default: the apiKey. */
  readonly authenticationApiKey?: string;
  /** Pictures with the agent at a time; default 4. */
  readonly agentConcurrency?: number;
  /** One request to the agent; default 60 000. */
  readonly agentTimeoutMs?: number;
  /** The key that client states are sealed for, pinned: its id and the PEM of its SPKI, both or neither; default: fetched. */
  readonly encryptionKeyId?: string;
  readonly encryptionPublicKey?: string;
  /** SHA-256 of the SPKI DER, hex: a fetched key with another one is refused. */
  readonly encryptionKeyFingerprint?: string;
  /** Hosts beside loopback that may be called; default none. */
  readonly allowedHosts?: readonly string[];
  /** One request to the other two services; default 30 000. */
  readonly timeoutMs?: number;
  /** Gets a line for a fetched key that nothing pins; default: standard error. */
  readonly warn?: (line: string) => void;
}

/**
 * A client of a Keyless tenant.
 * @throws AuthnError `ERR_AUTHN_CONFIGURATION` for options that can't be used, `ERR_AUTHN_HOST_REFUSED` for a host that isn't allowed
 * @example
 * const keyless = createKeylessClient(tenant.record.keyless);
 * const image = await readFile("faces/ada.jpg");
 * const ada = await keyless.agent.enrolOffline({ image, mediaType: "image/jpeg", scenario: "SELFIE" });
 * await keyless.operations.registerUncommitted(ada.serverState);
 * await keyless.operations.commit(ada.keylessId);
 * await keyless.importClientState({ username: "ada", clientState: ada.clientState });
 */
export function createKeylessClient(options: KeylessClientOptions): KeylessClient {
  const dependencies = realDependencies();
  const { allowedHosts = [], timeoutMs = 30_000, warn = dependencies.warn, ...tenant } = options;
  const settings = usableOptions("createKeylessClient", keylessSection.schema, tenant);
  const http = keylessHttp(settings, { allowedHosts: [...allowedHosts], timeoutMs }, dependencies);
  const account = keylessAccount(http.authentication, settings, settings.customer, { ...dependencies, warn });
  return {
    agent: keylessAgentApi(http.agent, [settings.apiKey, settings.authenticationApiKey]),
    operations: keylessOperationsApi(http.operations),
    authentication: account.api,
    importClientState: account.importClientState,
  };
}
