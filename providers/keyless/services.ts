/**
 * What the calls of `KeylessUser` share: the three services, the key that client states are sealed with, and what each service
 * must have shown before its 404 is believed. Loaded at the first call only.
 */
import { AuthnError } from "../errors.js";
import type { Dependencies, SessionSettings } from "../host/lifecycle.js";
import { once, oncePer } from "../host/once.js";
import { redact } from "../http/redact.js";
import { keylessAccount } from "./account.js";
import { type KeylessAgentApi, keylessAgentApi } from "./agent.js";
import type { KeylessAuthenticationApi } from "./authentication.js";
import { keylessHttp } from "./http.js";
import { type KeylessOperationsApi, keylessOperationsApi } from "./operations.js";
import type { KeylessSettings } from "./settings.js";

export interface KeylessServices {
  readonly agent: KeylessAgentApi;
  readonly operations: KeylessOperationsApi;
  /** @param customer absent: the configuration's */
  authentication(customer: string | undefined): KeylessAuthenticationApi;
  /** False: the username is taken. */
  importClientState(of: {
    readonly customer: string | undefined;
    readonly username: string;
    readonly clientState: string;
  }): Promise<boolean>;
  readonly projectFolder: string;
  readonly readDevices: boolean;
  /** The key of client states stands in the configuration. */
  readonly isKeyPinned: boolean;
  /** RFC 3339, UTC. */
  now(): string;
  /** Resolves once the service at the address has shown what it is: a 404 says "no such user" only where it isn't "no such page". */
  readonly proven: {
    agent(): Promise<void>;
    operations(): Promise<void>;
    authentication(customer: string | undefined): Promise<void>;
  };
}

/** Somebody's external user id or nobody's: that there is an answer is what counts. */
const ANYBODY = "pulumi-authn";

export function openKeylessServices(
  { authn, system, projectFolder }: SessionSettings<KeylessSettings>,
  dependencies: Dependencies,
): KeylessServices {
  const http = keylessHttp(system, authn, dependencies);
  const agent = keylessAgentApi(http.agent, [system.apiKey, system.authenticationApiKey]);
  const operations = keylessOperationsApi(http.operations);
  const accountOf = oncePer((customer) => keylessAccount(http.authentication, system, customer, dependencies));
  const account = (customer = system.customer) => accountOf(customer);
  return {
    agent,
    operations,
    authentication: (customer) => account(customer).api,
    importClientState: ({ customer, ...of }) => account(customer).importClientState(of),
    projectFolder,
    readDevices: system.readDevices,
    isKeyPinned: system.encryptionPublicKey !== undefined,
    now: () => new Date(dependencies.clock.now()).toISOString(),
    proven: {
      // A face must not go to whoever happens to listen there.
      agent: once(async () => {
        const { status } = await agent.health();
        if (status !== "ok") throw unwell(status);
      }),
      operations: once(async () => {
        await operations.usersOf(ANYBODY);
      }),
      authentication: async (customer) => {
        await account(customer).offeredKey();
      },
    },
  };
}

function unwell(status: string): AuthnError {
  return new AuthnError({
    code: "ERR_AUTHN_HTTP_NOT_PROCESSED",
    what: `The Keyless agent says that it is not well: ${redact(status, [], 100)}`,
    remedy: "Look into the agent's log, and try again once its /health-check says ok",
  });
}
