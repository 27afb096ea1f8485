/**
 * Values that a preview doesn't know yet. The engine sends them as one fixed string at any depth; the faults that they alone
 * cause are not faults (pulumi-host: check gets them, create never does).
 */

/** `pulumi.runtime.unknownValue`; repeated here, since this process must not load a second copy of the SDK. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export function containsUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some(containsUnknown);
}

/** The value at a path, undefined where the path leads nowhere. */
export function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined,
    root,
  );
}
