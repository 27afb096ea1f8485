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

/** Names a path by its pattern, `/v2/users/{userId}`; one that fits none is `/*`, since what stands in it isn't known. */
export function patternsOf(paths: Readonly<Record<string, string>>): (pathname: string) => string {
  const patterns = Object.values(paths).map((path) => path.split("/"));
  return (pathname) => {
    const segments = pathname.split("/");
    const pattern = patterns.find((candidate) => fits(candidate, segments));
    return pattern === undefined ? "/*" : pattern.map((part) => part.replace(/^:(.+)/, "{$1}")).join("/");
  };
}

function fits(pattern: readonly string[], segments: readonly string[]): boolean {
  return (
    pattern.length === segments.length &&
    pattern.every((part, index) => (part.startsWith(":") ? segments[index] !== "" : part === segments[index]))
  );
}
