/** The rows of `KeylessUser`: enrolled offline and online, and with an external id of its own. */
import { z } from "zod";
import { facesFolder, hostedKeyless } from "../support/faces.js";
import type { Properties, Subject, Target } from "./subject.js";

const { folder } = facesFolder();
const owner = {
  project: "project",
  stack: "stack",
  type: "KeylessUser",
  name: "ada/phone",
  declaredIn: "ada in p.yaml",
};
const post = (service: "keyless-operations" | "keyless-authentication", path: string): Target => ({
  service,
  method: "POST",
  path,
});
const get = (service: "keyless-agent" | "keyless-operations" | "keyless-authentication", path: string): Target => ({
  service,
  method: "GET",
  path,
});
const register = post("keyless-operations", "/v2/uncommitted-users");
const commit = post("keyless-operations", "/v2/uncommitted-users/*");
const importState = post("keyless-authentication", "/v1/users/*");
const link = post("keyless-operations", "/v2/users/*");
const asked = [
  get("keyless-authentication", "/v1/users/*"),
  get("keyless-agent", "/health-check"),
  get("keyless-authentication", "/v1/customers/*"),
  get("keyless-operations", "/v2/users/*"),
];

function keyless(name: string, extra: Properties, calls: readonly Target[]): Subject {
  const declared = { username: "ada", image: "faces/ada.jpg", scenario: "SELFIE", owner, ...extra };
  const isOnline = extra["enrollment"] === "online";
  return {
    name: `KeylessUser ${name}`,
    declared,
    steps: 5,
    changed: { ...declared, externalUserId: "countess" },
    replaced: { ...declared, username: "ada.lovelace" },
    retained: { onDelete: "retain" },
    calls,
    // Online, a lost answer of the agent leaves somebody whom no call finds: a test of its own says so.
    asked: isOnline ? asked : [...asked, { service: "keyless-agent", method: "POST", path: "/v1/offline-enrollment" }],
    removal: { service: "keyless-operations", method: "DELETE", path: "/v2/users/*" },
    identity: ["keylessId"],
    comesBack: !isOnline,
    secrets: ["clientState", "serverState"],
    unreachable: "keyless:authenticationUrl",
    credentials: ({ record }) => [record.keyless.apiKey, record.keyless.authenticationApiKey],
    provider: (tenant, configuration = {}) =>
      hostedKeyless(tenant, folder, { "authn:timeoutMs": "2000", ...configuration }),
    count(tenant) {
      const { users, uncommitted } = tenant.state().keyless;
      return users + uncommitted;
    },
    async remove({ record }, outputs) {
      const keylessId = z.string().optional().parse(outputs["keylessId"]);
      if (keylessId === undefined) return;
      const call = (method: string, path: string) =>
        fetch(`${record.keyless.operationsUrl}/v2${path}`, { method, headers: { "x-api-key": record.keyless.apiKey } });
      // An uncommitted user can't be deleted.
      await call("POST", `/uncommitted-users/${keylessId}/commit`);
      await call("DELETE", `/users/${keylessId}`);
    },
  };
}

export const keylessSubjects: readonly Subject[] = [
  keyless("enrolled offline", {}, [register, commit, importState]),
  keyless("enrolled online", { enrollment: "online" }, [importState]),
  keyless("with an external id", { externalUserId: "ada@example.com" }, [register, commit, importState, link]),
];
