/** Where the state lies: PULUMI_BACKEND_URL, else the project's `backend:`, else a folder of AUTHN_HOME. */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { AuthnError } from "../../providers/errors.js";
import type { Home } from "./home.js";
import type { Project } from "./project.js";

export interface Backend {
  /** For PULUMI_BACKEND_URL; a file address is absolute, since the engine runs in another folder than the caller. */
  readonly url: string;
  /** The folder of a file backend. */
  readonly folder: string | undefined;
  /** True for the folder in AUTHN_HOME: then the passphrase is ours too, where none is given. */
  readonly ours: boolean;
}

export function chooseBackend(environment: NodeJS.ProcessEnv, project: Project, home: Home, cwd: string): Backend {
  const given = environment["PULUMI_BACKEND_URL"];
  if (given) return backendAt(given, cwd);
  if (project.backendUrl) return backendAt(project.backendUrl, project.folder);
  return { url: pathToFileURL(home.state).href, folder: home.state, ours: true };
}

function backendAt(url: string, base: string): Backend {
  if (!url.startsWith("file://")) return { url, folder: undefined, ours: false };
  const [encoded = "", query] = url.slice("file://".length).split("?", 2);
  // As the engine reads it, `%20` is a space.
  const path = decoded(encoded, url);
  const expanded = path === "~" || path.startsWith("~/") ? join(homedir(), path.slice(1)) : path;
  const folder = isAbsolute(expanded) ? expanded : resolve(base, expanded);
  return { url: `${pathToFileURL(folder).href}${query === undefined ? "" : `?${query}`}`, folder, ours: false };
}

function decoded(path: string, url: string): string {
  try {
    return decodeURIComponent(path);
  } catch (cause) {
    throw new AuthnError({
      code: "ERR_AUTHN_CONFIGURATION",
      what: `The backend ${url} is no address: its % begins no encoded character`,
      remedy: "Write a per cent sign as %25",
      cause,
    });
  }
}

/** The file that holds the stack's state; undefined where only the engine can tell whether there is one. */
export function stateFile(backend: Backend, project: Project, stack: string): string | undefined {
  if (backend.folder === undefined) return undefined;
  const [projectName, name] = qualifiedName(project, stack);
  const plain = join(backend.folder, ".pulumi", "stacks", projectName, `${name}.json`);
  return existsSync(`${plain}.gz`) ? `${plain}.gz` : plain;
}

export function lockFolder(backend: Backend, project: Project, stack: string): string | undefined {
  if (backend.folder === undefined) return undefined;
  return join(backend.folder, ".pulumi", "locks", "organization", ...qualifiedName(project, stack));
}

/** `dev`, or `organization/project/dev` as self-managed backends spell it in full. */
export function qualifiedName(
  project: Pick<Project, "name">,
  stack: string,
): readonly [project: string, stack: string] {
  const [name = stack, projectName = project.name] = stack.split("/").reverse();
  return [projectName, name];
}
