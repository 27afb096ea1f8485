/** The rows of `HankoCredential`: on both generations of the API, with derived and with random keys. */
import type { Tenant } from "../../emulator/testing.js";
import { type Generation, hostedHanko } from "../support/passkeys.js";
import type { Properties, Subject, Target } from "./subject.js";

const SEED = Buffer.alloc(32, 3).toString("base64");
const owner = {
  project: "project",
  stack: "stack",
  type: "HankoCredential",
  name: "ada/phone",
  declaredIn: "ada in p.yaml",
};

interface Api {
  readonly name: Generation;
  readonly service: "hanko-passkey" | "hanko-authentication";
  count(tenant: Tenant): number;
  /** Before every path. */
  readonly prefix: (tenant: Tenant) => string;
  readonly login: string;
  readonly key: (tenant: Tenant) => Readonly<Record<string, string>>;
  readonly credentials: (tenant: Tenant) => readonly string[];
}

const passkey: Api = {
  name: "passkey",
  service: "hanko-passkey",
  count: (tenant) => tenant.state().hanko.passkeyCredentials,
  prefix: ({ record }) => `${record.hanko.passkey.url}/${record.hanko.passkey.tenantId}`,
  login: "login",
  key: ({ record }) => ({ apiKey: record.hanko.passkey.apiKey }),
  credentials: ({ record }) => [record.hanko.passkey.apiKey],
};
const authentication: Api = {
  name: "authentication",
  service: "hanko-authentication",
  count: (tenant) => tenant.state().hanko.authenticationCredentials,
  prefix: ({ record }) => `${record.hanko.authentication.url}/v1/webauthn`,
  login: "authentication",
  key: ({ record }) => ({ authorization: `secret ${record.hanko.authentication.apiSecret}` }),
  credentials: ({ record }) => [record.hanko.authentication.apiSecret],
};

function hanko(name: string, api: Api, extra: Properties, settings: Readonly<Record<string, string>>): Subject {
  const declared = { userId: "user-of-ada", username: "ada", name: "laptop", owner, ...extra };
  // The tenant's id stands first in the Passkey API's paths, and is another one in each tenant.
  const target = (method: string, ending: string): Target => ({ service: api.service, method, path: `/*${ending}` });
  return {
    name: `HankoCredential ${name}`,
    declared,
    steps: 4,
    changed: { ...declared, name: "work laptop" },
    replaced: { ...declared, username: "ada.lovelace" },
    retained: { onDelete: "retain" },
    calls: [target("POST", `/${api.login}/finalize`)],
    asked: [
      target("POST", "/registration/initialize"),
      target("POST", "/registration/finalize"),
      target("POST", `/${api.login}/initialize`),
      { service: api.service, method: "GET" },
      { service: api.service, method: api === passkey ? "PATCH" : "PUT" },
    ],
    removal: { service: api.service, method: "DELETE" },
    identity: ["credentialId", "privateKey"],
    comesBack: true,
    secrets: ["privateKey"],
    unreachable: "hanko:url",
    credentials: api.credentials,
    provider: (tenant, configuration = {}) =>
      hostedHanko(tenant, api.name, { "authn:timeoutMs": "2000", ...settings, ...configuration }),
    count: api.count,
    async remove(tenant, outputs) {
      await fetch(`${api.prefix(tenant)}/credentials/${String(outputs["credentialId"])}`, {
        method: "DELETE",
        headers: api.key(tenant),
      });
    },
  };
}

export const hankoSubjects: readonly Subject[] = [
  hanko("on the Passkey API, derived", passkey, {}, { "authn:seed": SEED }),
  hanko("on the Passkey API, EdDSA, random", passkey, { algorithm: "EdDSA", attestation: "packed" }, {}),
  hanko("on the Authentication API, derived", authentication, {}, { "authn:seed": SEED }),
  hanko("on the Authentication API, random", authentication, {}, {}),
];
