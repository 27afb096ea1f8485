/** AUTHN_HOME (default `<project>/.authn/`): all that the command writes, so that no tracked file ever changes. */
import { join, resolve } from "node:path";
import { createPrivateFileOnce, makePrivateFolder } from "./private-file.js";
import type { Project } from "./project.js";

export interface Home {
  /** Absolute path, 0700. */
  readonly folder: string;
  /** The local backend. */
  readonly state: string;
  readonly passphraseFile: string;
  readonly tenantStore: string;
  readonly tenantRecord: string;
  /** The process that runs the tenant. */
  readonly tenantOwner: string;
  /** One file for each process that uses a tenant which another one started for its own operation. */
  readonly tenantUsers: string;
  /** Which key files `authn keys write` wrote. */
  readonly keyFiles: string;
  /** The Pulumi workspace of one stack: two stacks at once don't share a file. */
  workspace(stack: string): string;
}

export function homeOf(project: Project, environment: NodeJS.ProcessEnv): Home {
  const folder = resolve(project.folder, environment["AUTHN_HOME"] || ".authn");
  return {
    folder,
    state: join(folder, "state"),
    passphraseFile: join(folder, "passphrase"),
    tenantStore: join(folder, "tenant"),
    tenantRecord: join(folder, "tenant.json"),
    tenantOwner: join(folder, "tenant.pid"),
    tenantUsers: join(folder, "tenant-users"),
    keyFiles: join(folder, "key-files.json"),
    workspace: (stack) => join(folder, "workspace", encodeURIComponent(stack)),
  };
}

/** Makes the folder, and keeps it out of a repository whose `.gitignore` doesn't know it: the passphrase lies in it. */
export async function makeHome(home: Home): Promise<void> {
  await makePrivateFolder(home.folder);
  await createPrivateFileOnce(join(home.folder, ".gitignore"), "*\n");
}
