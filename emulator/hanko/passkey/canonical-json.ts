/** JSON as Go's `json.Marshal` writes it: keys in the order of their bytes, and HTML's characters escaped (contracts/hanko.md). */
import type { z } from "zod";

export type Json = z.core.util.JSONType;

const ESCAPED = /[<>&\u2028\u2029]/g;

export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    return `{${members.map(([key, member]) => `${scalar(key)}:${canonicalJson(member)}`).join(",")}}`;
  }
  return scalar(value);
}

function scalar(value: string | number | boolean | null): string {
  // Half a surrogate pair comes out of Go's decoder as U+FFFD.
  const wellFormed = typeof value === "string" ? Buffer.from(value, "utf8").toString("utf8") : value;
  return JSON.stringify(wellFormed).replace(ESCAPED, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
