/** What `preview` shows: who comes, who changes (which properties, from what to what) and who goes; of key rings, what is due and when. */
import { shown } from "../events/event.js";
import type { Outcome } from "../operations.js";
import { oneLine } from "../text.js";
import type { Report, ResourceReport } from "./report.js";
import { dueTexts, outlook } from "./rings.js";

/** `owner` says who declared a resource and never changes what stands in a service; `__provider` is this package's constant. */
const notShown: ReadonlySet<string> = new Set(["__provider", "owner"]);

const marks: Readonly<Partial<Record<Outcome, string>>> = {
  created: "+",
  updated: "~",
  replaced: "±",
  deleted: "-",
};

/** @param nowMs the clock that rings go by, Unix time in milliseconds */
export function planLines(report: Report, nowMs: number): readonly string[] {
  return report.resources.flatMap((resource) => {
    const title = `${resource.type} ${oneLine(resource.name)}`;
    const mark = marks[resource.outcome];
    if (mark === undefined) {
      const next = resource.outcome === "unchanged" ? outlook(resource, nowMs) : undefined;
      return next === undefined ? [] : [`  ${title}: ${next}`];
    }
    const line = `${mark} ${title}${subject(resource)}`;
    if (resource.outcome !== "updated") {
      return [line, ...(resource.outcome === "replaced" ? changeTexts(resource).map(indented) : [])];
    }
    // Of drift it is the services that tell; what else is due, a preview says.
    const [due, ...dueToo] = report.operation === "drift" ? [] : dueTexts(resource, nowMs);
    if (due !== undefined) return [`${line}: ${due}`, ...[...dueToo, ...inputTexts(resource)].map(indented)];
    const next = outlook(resource, nowMs);
    return [line, ...[...changeTexts(resource), ...(next === undefined ? [] : [next])].map(indented)];
  });
}

function indented(text: string): string {
  return `    ${text}`;
}

function subject(resource: ResourceReport): string {
  const username = (resource.after ?? resource.before)?.inputs["username"];
  return typeof username === "string" ? ` (${oneLine(username)})` : "";
}

/** The input properties that differ; where none does, what the engine names, or that it can't be shown. */
export function changeTexts(resource: ResourceReport): readonly string[] {
  const texts = inputTexts(resource);
  if (texts.length > 0) return texts;
  const named = resource.changed.filter((property) => !notShown.has(property));
  if (named.length > 0) return [`${oneLine(named.join(", "))}: changed`];
  return ["a secret, or what the service holds, differs"];
}

/** `name: phone → tablet` */
export function inputTexts(resource: ResourceReport): readonly string[] {
  const before = flatten(shown(resource.before?.inputs ?? {}));
  const after = flatten(shown(resource.after?.inputs ?? {}));
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((path) => {
    const [old, now] = [before.get(path), after.get(path)];
    return old === now ? [] : [`${oneLine(path)}: ${oneLine(old ?? "(none)")} → ${oneLine(now ?? "(none)")}`];
  });
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
