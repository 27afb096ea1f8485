/**
 * What goes to the stock host must be plain JSON: `undefined`, functions, Buffers and bigints make its answer fail after the
 * work is done (an orphan), in an error's properties for ever (a hang); Dates and Maps become `{}`. All is brought to JSON here.
 */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Plain JSON of any value: absent where JSON has no form for it, never an exception. Cycles are cut. */
export function clean(value: unknown, seen: ReadonlySet<object> = new Set()): Json | undefined {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return Number.isFinite(value) ? value : null;
    case "bigint":
      return value.toString();
    case "object":
      return value === null ? null : cleanObject(value, seen);
    default:
      return undefined;
  }
}

/** A property bag for the host: every property that has a JSON form. */
export function cleanProperties(properties: object): Record<string, Json> {
  const result: Record<string, Json> = {};
  for (const [key, value] of Object.entries(properties)) {
    const cleaned = clean(value);
    if (cleaned !== undefined) result[key] = cleaned;
  }
  return result;
}

function cleanObject(value: object, seen: ReadonlySet<object>): Json | undefined {
  if (seen.has(value)) return undefined;
  const inside = new Set([...seen, value]);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (value instanceof Map) return fromEntries(value.entries(), inside);
  if (Array.isArray(value) || value instanceof Set) return [...value].map((item) => clean(item, inside) ?? null);
  return fromEntries(Object.entries(value), inside);
}

function fromEntries(entries: Iterable<[unknown, unknown]>, seen: ReadonlySet<object>): Json {
  const result: Record<string, Json> = {};
  for (const [key, item] of entries) {
    const cleaned = clean(item, seen);
    if (cleaned !== undefined) result[String(key)] = cleaned;
  }
  return result;
}
