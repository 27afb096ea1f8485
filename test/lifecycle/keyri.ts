/** The rows of `KeyriPublicKey`: a derived, a random and a given key. */
import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { keyriPublicKeyLifecycle } from "../../providers/keyri/lifecycle.js";
import { hosted } from "../support/hosting.js";
import type { Properties, Subject } from "./subject.js";

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
    steps: 2,
    changed: { ...declared, onDelete: "delete" },
    replaced: { ...declared, username: "ada.lovelace" },
    retained: { onDelete: "retain" },
    calls: proven ? [register, login] : [register],
    asked: key["publicKey"] === undefined ? [] : [{ service: "keyri", method: "GET", path: "/keyriKeys" }],
    removal: { service: "keyri", method: "DELETE", path: "/keyriKeys" },
    identity: ["publicKey", "privateKey"],
    comesBack: true,
    secrets: ["privateKey"],
    unreachable: "keyri:url",
    credentials: ({ record }) => [record.keyri.token],
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

export const keyriSubjects: readonly Subject[] = [
  keyri("derived", {}, { "authn:seed": SEED }, true),
  keyri("random", {}, {}, true),
  keyri("given", { publicKey: given }, {}, false),
];
