/** URNs as the engine spells them: `urn:pulumi:<stack>::<project>::<types>::<name>`. */

/** The resource's name; it may hold `::` itself, so only the parts before it are cut off. */
export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::") || urn;
}

/** True for the stack, which stands for the program as a whole. */
export function isStackUrn(urn: string): boolean {
  return urn.split("::")[2] === "pulumi:pulumi:Stack";
}

/** The type token, without those of its parents: `pulumi-nodejs:dynamic/authn:KeyriPublicKey`. */
export function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

/** `KeyriPublicKey` of a type token. */
export function shortType(type: string): string {
  return type.split(":").at(-1) ?? type;
}
