/** Keyless in the embedded tenant: the agent that enrols faces, the service that operates users, and the one they log in at. */
import { randomBytes } from "node:crypto";
import { patternsOf } from "../http/patterns.js";
import type { System } from "../system.js";
import { agentApp } from "./agent/routes.js";
import { CUSTOMER, LARGEST_IMAGE_BYTES } from "./assumptions.js";
import { openEncryptionKey } from "./authentication/encryption-key.js";
import { authenticationApp } from "./authentication/routes.js";
import { operationsApp } from "./operations/routes.js";
import { agentPaths, authenticationPaths, operationsPaths } from "./paths.js";
import { States } from "./states.js";
import { UserRegister } from "./users.js";

export interface KeylessCounts {
  /** Committed users. */
  readonly users: number;
  readonly uncommitted: number;
  /** Users whose client state was imported under a username. */
  readonly imported: number;
}

export interface KeylessEntry {
  readonly agentUrl: string;
  readonly operationsUrl: string;
  readonly authenticationUrl: string;
  readonly customer: string;
  /** The Operations Service's key, header `X-Api-Key`. A secret. */
  readonly apiKey: string;
  /** The Authentication Service's key, header `kl-api-key`. A secret. */
  readonly authenticationApiKey: string;
  /** SHA-256 of the SPKI DER of the key that client states are encrypted for, in lower-case hexadecimal. */
  readonly encryptionKeyFingerprint: string;
}

const AGENT = "keyless-agent";
const OPERATIONS = "keyless-operations";
const AUTHENTICATION = "keyless-authentication";

export const keyless: System<KeylessCounts, KeylessEntry> = {
  services: [
    { name: AGENT, title: "Keyless agent (enrolment of faces)" },
    { name: OPERATIONS, title: "Keyless Operations Service (users, devices, external ids)" },
    { name: AUTHENTICATION, title: "Keyless Authentication Service (client states)" },
  ],
  async open({ store, clock, tokens, urlOf, settings }) {
    const users = await UserRegister.open(store, clock, randomBytes);
    const states = new States(tokens.of("keyless-states"), randomBytes);
    const encryptionKey = await openEncryptionKey(store);
    const [apiKey, authenticationApiKey] = [tokens.of(OPERATIONS), tokens.of(AUTHENTICATION)];
    return {
      services: [
        {
          name: AGENT,
          app: agentApp({ states, users, settings: settings.keyless }),
          maxBodyBytes: LARGEST_IMAGE_BYTES,
          pattern: patternsOf(agentPaths),
        },
        { name: OPERATIONS, app: operationsApp({ states, users, apiKey }), pattern: patternsOf(operationsPaths) },
        {
          name: AUTHENTICATION,
          app: authenticationApp({ states, users, encryptionKey, apiKey: authenticationApiKey }),
          pattern: patternsOf(authenticationPaths),
        },
      ],
      record: {
        agentUrl: urlOf(AGENT),
        operationsUrl: urlOf(OPERATIONS),
        authenticationUrl: urlOf(AUTHENTICATION),
        customer: CUSTOMER,
        apiKey,
        authenticationApiKey,
        encryptionKeyFingerprint: encryptionKey.fingerprint,
      },
      counts: () => users.counts(),
      reset: () => users.clear(),
    };
  },
};
