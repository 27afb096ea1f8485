/**
 * Who has what: the stack's outputs (`people.ada.keyri.phone`, `people.ada.keyless`, `people.ada.hanko.laptop`) beside what this
 * operation did to each credential.
 */
import { z } from "zod";
import type { Outcome } from "../operations.js";
import type { Report, ResourceReport } from "./report.js";
import { isRing } from "./rings.js";

export interface PersonRow {
  readonly person: string;
  readonly username: string;
  /** `keyri phone`, `hanko laptop`; `keyless` where a person has but one. */
  readonly device: string;
  /** The beginning of the credential's id: enough to tell keys apart by eye. */
  readonly key: string;
  readonly state: Outcome;
}

const credential = z.looseObject({
  id: z.string().optional(),
  username: z.string().optional(),
});
type Credential = z.infer<typeof credential>;
const people = z.looseObject({ people: z.record(z.string(), z.record(z.string(), z.unknown())).optional() });

/** One row a credential, in the outputs' order; then those that are in no output because they failed or are gone. Rings are nobody's. */
export function personRows(report: Report): readonly PersonRow[] {
  const resources = report.resources.filter((resource) => !isRing(resource));
  const rest = new Map(resources.map((resource) => [resource.urn, resource]));
  const findIn = finder(resources);
  const rows: PersonRow[] = [];
  const declared = people.safeParse(report.outputs).data?.people ?? {};
  for (const [person, systems] of Object.entries(declared)) {
    const username = typeof systems["username"] === "string" ? systems["username"] : "";
    for (const [system, value] of Object.entries(systems)) {
      for (const [device, output] of credentialsOf(system, value)) {
        const resource = findIn(rest, person, system, device, output.id);
        if (resource !== undefined) rest.delete(resource.urn);
        rows.push({
          person,
          username: output.username ?? username,
          device: label(system, device),
          key: shortId(output.id),
          state: resource?.outcome ?? "unchanged",
        });
      }
    }
  }
  return [...rows, ...[...rest.values()].map(rowOfResource)];
}

/** A person's credentials of one system by device; the only one of its kind is named like its system. */
function credentialsOf(system: string, value: unknown): readonly (readonly [string, Credential])[] {
  if (typeof value !== "object" || value === null) return [];
  const only = credential.safeParse(value).data;
  if (only?.id !== undefined || only?.username !== undefined) return [[system, only]];
  return Object.entries(value).flatMap(([device, inner]) => {
    const output = credential.safeParse(inner).data;
    return output === undefined ? [] : [[device, output] as const];
  });
}

function label(system: string, device: string): string {
  return device === system ? system : `${system} ${device}`.trim();
}

type Find = (
  rest: ReadonlyMap<string, ResourceReport>,
  person: string,
  system: string,
  device: string,
  id: string | undefined,
) => ResourceReport | undefined;

/**
 * By id; where that isn't known (it failed, or is yet to come) by whose it is and what it is called. Of those that are left. Looked
 * up in an index: one search through all of them a row would take minutes for many people.
 */
function finder(resources: readonly ResourceReport[]): Find {
  const index = new Map<string, ResourceReport[]>();
  const keep = (key: string, resource: ResourceReport) => {
    const same = index.get(key);
    if (same === undefined) index.set(key, [resource]);
    else same.push(resource);
  };
  for (const resource of resources) {
    const system = systemOf(resource);
    keep(keyOf(system, resource.id), resource);
    keep(keyOf(system, personOf(resource), deviceOf(resource)), resource);
  }
  return (rest, person, system, device, id) => {
    const first = (key: string) => index.get(key)?.find(({ urn }) => rest.has(urn));
    const byId = known(id) === undefined ? undefined : first(keyOf(system, id ?? ""));
    return byId ?? first(keyOf(system, person, device));
  };
}

const keyOf = (...parts: readonly string[]): string => JSON.stringify(parts);

/** `KeyriPublicKey` is of `keyri`. */
function systemOf({ type }: ResourceReport): string {
  return (/^[A-Z][a-z]+/.exec(type)?.[0] ?? type).toLowerCase();
}

/** Resources are named `<person>/<device>`. */
function personOf({ name }: ResourceReport): string {
  const slash = name.lastIndexOf("/");
  return slash === -1 ? name : name.slice(0, slash);
}

/** By the name that it is given in the service, if any: that may change, and its resource's doesn't. */
function deviceOf(resource: ResourceReport): string {
  const given = inputOf(resource, "name");
  if (given !== undefined) return given;
  const slash = resource.name.lastIndexOf("/");
  return slash === -1 ? "" : resource.name.slice(slash + 1);
}

function inputOf({ after, before }: ResourceReport, input: string): string | undefined {
  const value = (after ?? before)?.inputs[input];
  return typeof value === "string" ? value : undefined;
}

/** One resource's alone, whatever the outputs say. */
export function rowOfResource(resource: ResourceReport): PersonRow {
  return {
    person: personOf(resource),
    username: inputOf(resource, "username") ?? "",
    device: label(systemOf(resource), deviceOf(resource)),
    key: shortId(resource.id),
    state: resource.outcome,
  };
}

function known(text: string | undefined): string | undefined {
  return text === undefined || text === "" || text === "[unknown]" ? undefined : text;
}

const shortIdCharacters = 16;

function shortId(id: string | undefined): string {
  const whole = known(id) ?? "";
  return whole.length > shortIdCharacters ? `${whole.slice(0, shortIdCharacters)}…` : whole;
}
