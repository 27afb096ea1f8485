/**
 * A path of Keyless's services from its route, `/v1/users/{customer}/{username}`: each name in it becomes one segment, whatever
 * it holds (RFC 3986 §2.1). The route itself is what a log may show.
 */
import { AuthnError } from "../errors.js";

export interface Address {
  readonly path: string;
  readonly route: string;
}

/** @throws AuthnError `ERR_AUTHN_INPUT` for a name that no path can hold */
export function addressOf(route: string, names: Readonly<Record<string, string>>): Address {
  const path = route.replace(/\{(\w+)\}/g, (_, name: string) => segment(name, names[name] ?? ""));
  return { path, route };
}

function segment(name: string, value: string): string {
  if (value === "") throw unfit(name, "it is empty", "Give one that isn't");
  // Percent-encoded or not, every URL library resolves it away (RFC 3986 §6.2.2.3): it would name another resource.
  if (value === "." || value === "..")
    throw unfit(name, `it is ${value === "." ? "a single dot" : "two dots"}`, "Give another one");
  try {
    return encodeURIComponent(value);
  } catch {
    throw unfit(name, "it is no valid Unicode, it holds half a surrogate pair", "Correct it");
  }
}

function unfit(name: string, fault: string, remedy: string): AuthnError {
  return new AuthnError({
    code: "ERR_AUTHN_INPUT",
    what: `Keyless has no address for this ${name}: ${fault}`,
    remedy,
  });
}
