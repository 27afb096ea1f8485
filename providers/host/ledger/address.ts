/**
 * Where the engine keeps its state, as it decides itself: PULUMI_BACKEND_URL, else the project's `backend:`, else the last `pulumi login`,
 * which is in credentials.json of PULUMI_CREDENTIALS_PATH, else of PULUMI_HOME (engine v3.228.0).
 */
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";

type Environment = Readonly<Record<string, string | undefined>>;

const project = z.object({ backend: z.object({ url: z.string() }) });
const credentials = z.object({ current: z.string().min(1) });

/** @returns undefined where nobody is logged in */
export async function stateAddress(environment: Environment, projectFolder: string): Promise<string | undefined> {
  return (
    environment["PULUMI_BACKEND_URL"] || (await projectsBackend(projectFolder)) || (await loggedInBackend(environment))
  );
}

export function pulumiHome(environment: Environment): string {
  return environment["PULUMI_HOME"] || join(environment["HOME"] || homedir(), ".pulumi");
}

/** @returns the address that `pulumi login` wrote last; undefined where nobody is logged in */
export async function loggedInBackend(environment: Environment): Promise<string | undefined> {
  const folder = environment["PULUMI_CREDENTIALS_PATH"] || pulumiHome(environment);
  const text = await textOf(join(folder, "credentials.json"));
  return credentials.safeParse(parsed(text, JSON.parse)).data?.current;
}

async function projectsBackend(folder: string): Promise<string | undefined> {
  const text = (await textOf(join(folder, "Pulumi.yaml"))) ?? (await textOf(join(folder, "Pulumi.yml")));
  // Hardly any project has one: the parser stays unloaded.
  if (text === undefined || !/\bbackend\b/.test(text)) return undefined;
  const { parse } = await import("yaml");
  return project.safeParse(parsed(text, parse)).data?.backend.url;
}

async function textOf(file: string): Promise<string | undefined> {
  return await readFile(file, "utf8").catch(() => undefined);
}

function parsed(text: string | undefined, parse: (text: string) => unknown): unknown {
  try {
    return text === undefined ? undefined : parse(text);
  } catch {
    return undefined;
  }
}
