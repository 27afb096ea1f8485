/** The signing keys of a stack's rings, and the claims that the rings have on files. */
import { AuthnError } from "../../../providers/errors.js";
import type { SavedResource } from "../saved-resources.js";
import { oneLine } from "../text.js";
import type { Claims } from "./folder.js";
import { fileOf, kidsOf, type SigningKey, signingKeyOf } from "./signing-key.js";

export interface RingKeys {
  readonly keys: readonly SigningKey[];
  readonly unfinished: readonly { readonly name: string; readonly reason: string }[];
  /** Of all rings: the file of an unfinished one is still its own. */
  readonly claims: Claims["rings"];
}

/** @throws AuthnError ERR_AUTHN_USAGE where two rings would have one file */
export async function ringKeys(rings: readonly SavedResource[]): Promise<RingKeys> {
  refuseSharedFiles(rings);
  const found = await Promise.all(
    rings.map(async (resource) => ({ name: resource.name, key: await signingKeyOf(resource) })),
  );
  const keys = found.flatMap(({ key }) => (typeof key === "string" ? [] : [key]));
  const unfinished = found.flatMap(({ name, key }) => (typeof key === "string" ? [{ name, reason: key }] : []));
  const claims = rings.map((resource) => ({
    name: resource.name,
    file: fileOf(resource.name),
    kids: kidsOf(resource),
  }));
  return { keys, unfinished, claims };
}

/** Compared without case, as some file systems do. */
function refuseSharedFiles(rings: readonly SavedResource[]): void {
  const taken = new Map<string, string>();
  for (const { name } of rings) {
    const file = fileOf(name).toLowerCase();
    const other = taken.get(file);
    taken.set(file, name);
    if (other === undefined) continue;
    throw new AuthnError({
      code: "ERR_AUTHN_USAGE",
      what: `The rings ${oneLine(other)} and ${oneLine(name)} would have one key file, ${fileOf(name)}`,
      remedy: "Give one of them another name",
    });
  }
}
