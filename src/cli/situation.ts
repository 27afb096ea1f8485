/** All that is known of a stack before the engine runs: project, home, today's configuration, backend. Starts nothing. */
import { readFile } from "node:fs/promises";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { gunzipSync } from "node:zlib";
import { z } from "zod";
import { type Backend, chooseBackend, stateFile } from "./backend.js";
import { type Configuration, todaysConfiguration } from "./configuration.js";
import { type Home, homeOf } from "./home.js";
import { hasCode } from "./private-file.js";
import { findProject, type Project, readProjectStack, type StackSettings } from "./project.js";
import type { CommonOptions, Surroundings } from "./surroundings.js";

export interface Situation {
  readonly project: Project;
  readonly home: Home;
  readonly backend: Backend;
  readonly stack: string;
  /** The project's own file of the stack. */
  readonly settings: StackSettings | undefined;
  readonly overrides: Readonly<Record<string, string>>;
  readonly configuration: Configuration;
  /** undefined where only the engine can tell. */
  readonly exists: boolean | undefined;
  /** Declared resources in the state, as far as it can be read without the engine. */
  readonly resourcesBefore: number;
}

export async function lookAround(options: CommonOptions, surroundings: Surroundings): Promise<Situation> {
  const { cwd, environment } = surroundings;
  const project = await findProject(cwd);
  const settings = await readProjectStack(project, options.stack);
  const home = homeOf(project, environment);
  const backend = chooseBackend(environment, project, home, cwd);
  const overrides = overridesOf(options, project, cwd);
  const configuration = todaysConfiguration(project, { ...settings, config: { ...settings?.config, ...overrides } });
  const state = await readState(stateFile(backend, project, options.stack));
  return { project, home, backend, stack: options.stack, settings, overrides, configuration, ...state };
}

/** A path as the configuration holds it: seen from the project's folder, so that it is the same on every machine. */
function overridesOf(options: CommonOptions, project: Project, cwd: string): Record<string, string> {
  if (options.fixtures === undefined) return {};
  const absolute = resolve(cwd, options.fixtures);
  const inside = relative(project.folder, absolute);
  const path = inside.startsWith("..") || isAbsolute(inside) ? absolute : inside.split(sep).join("/") || ".";
  return { "authn:fixtures": path };
}

const stateSchema = z.object({
  checkpoint: z.object({
    latest: z
      .object({ resources: z.array(z.object({ custom: z.boolean().optional(), type: z.string() })).nullish() })
      .nullish(),
  }),
});

async function readState(
  file: string | undefined,
): Promise<{ readonly exists: boolean | undefined; readonly resourcesBefore: number }> {
  if (file === undefined) return { exists: undefined, resourcesBefore: 0 };
  try {
    const bytes = await readFile(file);
    const text = (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
    // What is wrong with a state that can't be read, the engine says better.
    const state = stateSchema.safeParse(parseJson(text)).data;
    const resources = state?.checkpoint.latest?.resources ?? [];
    const declared = resources.filter(({ custom, type }) => custom === true && !type.startsWith("pulumi:"));
    return { exists: true, resourcesBefore: declared.length };
  } catch (error) {
    if (hasCode(error, "ENOENT")) return { exists: false, resourcesBefore: 0 };
    throw error;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
