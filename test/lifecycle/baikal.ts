/** The rows of `BaikalClientKeys`: with a grant that proves a key, and without. P-256, since an RSA pair takes a while to make. */
import type { Tenant } from "../../emulator/testing.js";
import { baikalClientKeysLifecycle } from "../../providers/baikal/lifecycle.js";
import { hosted } from "../support/hosting.js";
import type { Properties, Subject, Target } from "./subject.js";

const owner = {
  project: "project",
  stack: "stack",
  type: "BaikalClientKeys",
  name: "ada/phone",
  declaredIn: "billing in p.yaml",
};
// Where the tenant's authserver fetches the demonstration client's keys.
const DOCUMENT = "/billing.json";
const bucket = (method: string): Target => ({ service: "jwks-bucket", method, path: DOCUMENT });

function ring(name: string, extra: Properties): Subject {
  const declared = {
    publish: { path: "billing.json" },
    verify: { grant: { sub: "user-of-ada", scope: "openid" } },
    withdraw: true,
    owner,
    ...extra,
  };
  return {
    name: `BaikalClientKeys ${name}`,
    declared,
    steps: 3,
    changed: { ...declared, period: "14d" },
    retained: { withdraw: false },
    // A PUT that was lost is made again and meets its own document.
    calls: [],
    asked: [
      bucket("GET"),
      bucket("PUT"),
      { service: "baikal", method: "GET", path: "/.well-known/openid-configuration" },
      { service: "baikal", method: "POST", path: "/token" },
    ],
    removal: bucket("DELETE"),
    identity: ["activeKid", "activePrivateKey", "jwks"],
    comesBack: true,
    isCopy: true,
    secrets: ["activePrivateKey"],
    unreachable: "baikal:publishUrl",
    credentials: ({ record }) => [record.baikal.clientSecret, record.baikal.publishToken],
    provider: (tenant, configuration = {}) =>
      hosted(baikalClientKeysLifecycle, { configuration: { ...configurationOf(tenant), ...configuration } }),
    count: (tenant) => tenant.state().jwksBucket.documents,
    async remove({ record }) {
      const answer = await fetch(`${record.baikal.publishUrl}${DOCUMENT}`, {
        method: "DELETE",
        headers: { authorization: `Bearer ${record.baikal.publishToken}` },
      });
      if (answer.status !== 204) throw new Error(`the tenant answered ${answer.status}`);
    },
  };
}

function configurationOf({ record }: Tenant): Readonly<Record<string, string>> {
  const { endpoint, clientId, clientSecret, issuer, publishUrl, publishToken } = record.baikal;
  return {
    "baikal:endpoint": endpoint,
    "baikal:clientId": clientId,
    "baikal:clientSecret": clientSecret,
    "baikal:issuer": issuer,
    "baikal:publishUrl": publishUrl,
    "baikal:publishToken": publishToken,
    "authn:timeoutMs": "2000",
  };
}

export const baikalSubjects: readonly Subject[] = [
  ring("proven by a grant", { algorithm: "ES256" }),
  ring("proven by the live document alone", { algorithm: "ES256", verify: {} }),
];
