/** The rings of a saved state, and those of them that a command line names. */
import { closest } from "fastest-levenshtein";
import { AuthnError } from "../../../providers/errors.js";
import type { SavedResource } from "../saved-resources.js";
import { oneLine } from "../text.js";
import { clientOf, ringTypeToken } from "./saved-ring.js";

/** @throws AuthnError ERR_AUTHN_STATE where there is none */
export function ringResources(resources: readonly SavedResource[], stack: string): readonly SavedResource[] {
  const rings = resources.filter(({ type }) => type === ringTypeToken);
  if (rings.length > 0) return rings;
  throw new AuthnError({
    code: "ERR_AUTHN_STATE",
    what: `Stack ${stack} holds no key ring`,
    remedy:
      "Declare one (a client with `baikal`, or a BaikalClientKeys) and run `authn up`, or name another stack with --stack",
  });
}

/**
 * Those that the names mean, `clients/billing` or `billing`; all, where none is named.
 * @throws AuthnError ERR_AUTHN_USAGE for a name that no ring has
 */
export function chosenRings(
  rings: readonly SavedResource[],
  names: readonly string[],
  stack: string,
): readonly SavedResource[] {
  const unknown = names.filter((given) => !rings.some(({ name }) => isMeant(name, given)));
  if (unknown.length === 0) {
    return names.length === 0 ? rings : rings.filter(({ name }) => names.some((given) => isMeant(name, given)));
  }
  const known = rings.map(({ name }) => clientOf(name));
  throw new AuthnError({
    code: "ERR_AUTHN_USAGE",
    what: `Stack ${stack} holds no key ring ${unknown.map(oneLine).join(", ")}`,
    remedy: `Did you mean ${unknown.map((given) => oneLine(closest(clientOf(given), known))).join(", ")}?`,
  });
}

function isMeant(name: string, given: string): boolean {
  return name === given || clientOf(name) === given;
}
