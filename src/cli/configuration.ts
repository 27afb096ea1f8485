/**
 * The stack's configuration as it stands today: the project's `config:` block under the stack's own. Facts: the Pulumi project
 * file reference (a value is a literal, `{ value }`, `{ default }` or, in a stack's file, `{ secure }`).
 */
import type { Project, StackSettings } from "./project.js";

export interface Configuration {
  /** `namespace:key` to its text; lists and maps as JSON, as the engine passes them on. */
  readonly values: Readonly<Record<string, string>>;
  /** The keys whose values are encrypted: they are set, and only the engine can read them. */
  readonly secretKeys: ReadonlySet<string>;
}

export function todaysConfiguration(project: Project, stack: StackSettings | undefined): Configuration {
  const values: Record<string, string> = {};
  const secretKeys = new Set<string>();
  for (const [key, value] of Object.entries(project.config)) {
    const text = asText(projectValue(value));
    if (text !== undefined) values[namespaced(project, key)] = text;
  }
  for (const [key, value] of Object.entries(stack?.config ?? {})) {
    const name = namespaced(project, key);
    delete values[name];
    const text = holdsSecret(value) ? undefined : asText(value);
    if (text !== undefined) values[name] = text;
    else if (value !== null) secretKeys.add(name);
  }
  return { values, secretKeys };
}

function namespaced(project: Project, key: string): string {
  return key.includes(":") ? key : `${project.name}:${key}`;
}

/** A declaration (`{ type, default }`, `{ value }`) or the value itself. */
function projectValue(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  if ("value" in value) return value.value;
  return "default" in value ? value.default : undefined;
}

function holdsSecret(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return "secure" in value || Object.values(value).some(holdsSecret);
}

function asText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
