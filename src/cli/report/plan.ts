/** What `preview` shows: who comes, who changes (which properties, from what to what) and who goes. */

import { shown } from "../events/event.js";
import type { Outcome } from "../operations.js";
import { oneLine } from "../text.js";
import type { Report, ResourceReport } from "./report.js";

/** `owner` says who declared a resource and never changes what stands in a service; `__provider` is this package's constant. */
const notShown: ReadonlySet<string> = new Set(["__provider", "owner"]);

const marks: Readonly<Partial<Record<Outcome, string>>> = {
  created: "+",
  updated: "~",
  replaced: "±",
  deleted: "-",
};

export function planLines(report: Report): readonly string[] {
  return report.resources.flatMap((resource) => {
    const mark = marks[resource.outcome];
    if (mark === undefined) return [];
    const line = `${mark} ${resource.type} ${oneLine(resource.name)}${subject(resource)}`;
    const detailed = resource.outcome === "updated" || resource.outcome === "replaced";
    return [line, ...(detailed ? propertyLines(resource) : [])];
  });
}

function subject(resource: ResourceReport): string {
  const username = (resource.after ?? resource.before)?.inputs["username"];
  return typeof username === "string" ? ` (${oneLine(username)})` : "";
}

/** The input properties that differ; where none does, what the engine names, or that it can't be shown. */
function propertyLines(resource: ResourceReport): readonly string[] {
  const before = flatten(shown(resource.before?.inputs ?? {}));
  const after = flatten(shown(resource.after?.inputs ?? {}));
  const lines = [...new Set([...before.keys(), ...after.keys()])].flatMap((path) => {
    const [old, now] = [before.get(path), after.get(path)];
    return old === now ? [] : [`    ${oneLine(path)}: ${oneLine(old ?? "(none)")} → ${oneLine(now ?? "(none)")}`];
  });
  if (lines.length > 0) return lines;
  const named = resource.changed.filter((property) => !notShown.has(property));
  if (named.length > 0) return [`    ${oneLine(named.join(", "))}: changed`];
  return ["    a secret, or what the service holds, differs"];
}

function flatten(value: unknown, path = "", into = new Map<string, string>()): Map<string, string> {
  if (typeof value !== "object" || value === null) {
    into.set(path, typeof value === "string" ? value : (JSON.stringify(value) ?? "(none)"));
    return into;
  }
  for (const [key, inner] of Object.entries(value)) {
    if (path === "" && notShown.has(key)) continue;
    flatten(inner, path === "" ? key : `${path}.${key}`, into);
  }
  return into;
}
