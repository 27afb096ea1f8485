/** All that is known of a stack before the engine runs: project, home, today's configuration, backend. Starts nothing. */
import { isAbsolute, relative, resolve, sep } from "node:path";
import { type Backend, chooseBackend, stateFile } from "./backend.js";
import { type Configuration, todaysConfiguration } from "./configuration.js";
import { type Home, homeOf } from "./home.js";
import { findProject, type Project, readProjectStack, type StackSettings } from "./project.js";
import { readState, type StackState } from "./state.js";
import type { CommonOptions, Surroundings } from "./surroundings.js";

export interface Situation extends StackState {
  readonly project: Project;
  readonly home: Home;
  readonly backend: Backend;
  readonly stack: string;
  /** The project's own file of the stack. */
  readonly settings: StackSettings | undefined;
  readonly overrides: Readonly<Record<string, string>>;
  readonly configuration: Configuration;
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
