/** Scopes and purposes: a list that travels as text, joined by spaces (RFC 6749 §3.3). */

/** A list, or the text that it travels as. */
export type SpaceList = string | readonly string[];

export function joined(list: SpaceList = []): string {
  return typeof list === "string" ? list : list.join(" ");
}

export function separated(list: SpaceList = []): readonly string[] {
  return joined(list)
    .split(" ")
    .filter((item) => item !== "");
}
