/** The names of `--replace`, held against the state: the engine takes them as patterns, and passes over what matches nothing. */
import { closest } from "fastest-levenshtein";
import { AuthnError } from "../../providers/errors.js";
import type { Holdings } from "./state.js";
import { oneLine } from "./text.js";

/**
 * @param holds undefined where the state can't be read here: then the engine's word counts.
 * @throws AuthnError ERR_AUTHN_USAGE
 */
export function refuseUnknownNames(names: readonly string[], holds: Holdings | undefined, stack: string): void {
  if (holds === undefined) return;
  const { declared } = holds;
  const unknown = names.filter((name) => !declared.includes(name));
  if (unknown.length === 0) return;
  throw new AuthnError({
    code: "ERR_AUTHN_USAGE",
    what: `Stack ${stack} holds no resource ${unknown.map(oneLine).join(", ")}, so it can't be replaced`,
    where: "--replace",
    remedy:
      declared.length === 0
        ? "Leave --replace out: the stack holds no resource at all, and `authn up` makes all that is declared"
        : `Did you mean ${unknown.map((name) => oneLine(closest(name, declared))).join(", ")}?`,
  });
}
