/**
 * The paths of the three services (contracts/keyless.md), for the routes, and for the journal, which must name a path without
 * the usernames and keys in it.
 */

export const agentPaths = {
  health: "/health-check",
  offline: "/v1/offline-enrollment",
  online: "/v1/online-enrollment",
} as const;

export const operationsPaths = {
  uncommitted: "/v2/uncommitted-users",
  commit: "/v2/uncommitted-users/:keylessId/commit",
  user: "/v2/users/:userId",
  devices: "/v2/users/:userId/devices",
  device: "/v2/users/:userId/devices/:publicSigningKey",
  externalUser: "/v2/users/:userId/external-user",
  externalUsers: "/v2/external-users/:username",
  usersOfExternal: "/v2/external-users/:username/users",
} as const;

export const authenticationPaths = {
  encryption: "/v1/customers/:customer/client-state-encryption",
  import: "/v1/users/:customer/:username/import-client-state",
  export: "/v1/users/:customer/:username/export-client-state",
  user: "/v1/users/:customer/:username",
} as const;
