/**
 * What the generic lifecycle test must know of a resource: what to declare, which of its calls can break, how to look at and
 * meddle with what stands outside. A new resource is one more row here.
 */
import { createPublicKey, generateKeyPairSync } from "node:crypto";
import type { FaultSpec, Tenant } from "../../emulator/testing.js";
import type { HostedProvider } from "../../providers/host/adapter.js";
import { keyriPublicKeyLifecycle } from "../../providers/keyri/lifecycle.js";
import { hosted } from "../support/hosting.js";

type Properties = Readonly<Record<string, unknown>>;

export interface Subject {
  readonly name: string;
  readonly declared: Properties;
  /** An in-place change, and one that replaces. */
  readonly changed: Properties;
  readonly replaced: Properties;
  /** Each call of create that changes something, in its order. */
  readonly calls: readonly Pick<FaultSpec, "service" | "method" | "path">[];
  readonly removal: Pick<FaultSpec, "service" | "method" | "path">;
  /** The outputs that must survive a failure: what was made must not be made again. */
  readonly identity: readonly string[];
  readonly secrets: readonly string[];
  provider(tenant: Tenant, configuration?: Readonly<Record<string, string>>): HostedProvider;
  /** How many of it stand in the service. */
  count(tenant: Tenant): number;
  /** Takes it away behind the tool's back. */
  remove(tenant: Tenant, outputs: Properties): Promise<void>;
}

const SEED = Buffer.alloc(32, 1).toString("base64");
const owner = {
  project: "project",
  stack: "stack",
  type: "KeyriPublicKey",
  name: "ada/phone",
  declaredIn: "ada in p.yaml",
};
const given = createPublicKey(generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey)
  .export({ format: "der", type: "spki" })
  .toString("base64");

function keyri(name: string, key: Properties, settings: Readonly<Record<string, string>>, proven: boolean): Subject {
  const declared = { username: "ada", owner, ...key };
  const register = { service: "keyri", method: "POST", path: "/keyriRegistration" } as const;
  const login = { service: "keyri", method: "POST", path: "/keyriLogin" } as const;
  return {
    name: `KeyriPublicKey with a ${name} key`,
    declared,
    changed: { ...declared, onDelete: "delete" },
    replaced: { ...declared, username: "ada.lovelace" },
    calls: proven ? [register, login] : [register],
    removal: { service: "keyri", method: "DELETE", path: "/keyriKeys" },
    identity: ["publicKey", "privateKey"],
    secrets: ["privateKey"],
    provider: ({ record }, configuration = {}) =>
      hosted(keyriPublicKeyLifecycle, {
        configuration: {
          "keyri:url": record.keyri.url,
          "keyri:token": record.keyri.token,
          "authn:timeoutMs": "2000",
          ...settings,
          ...configuration,
        },
      }),
    count: (tenant) => tenant.state().keyri.keys,
    async remove({ record }, outputs) {
      const answer = await fetch(`${record.keyri.url}/keyriKeys`, {
        method: "DELETE",
        headers: { authorization: `Bearer ${record.keyri.token}`, "content-type": "application/json" },
        body: JSON.stringify({ pubKey: outputs["publicKey"], username: outputs["username"] }),
      });
      if (answer.status !== 204) throw new Error(`the tenant answered ${answer.status}`);
    },
  };
}

export const subjects: readonly Subject[] = [
  keyri("derived", {}, { "authn:seed": SEED }, true),
  keyri("random", {}, {}, true),
  keyri("given", { publicKey: given }, {}, false),
];
