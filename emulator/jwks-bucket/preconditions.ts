/** Whether a write may happen, by the preconditions that came with it (RFC 9110 §13.1.1, §13.1.2, in the order of §13.2.2). */

export interface Preconditions {
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
}

/** @param current the tag of what stands there now; absent: nothing does. */
export function isPermitted({ ifMatch, ifNoneMatch }: Preconditions, current: string | undefined): boolean {
  if (ifMatch !== undefined && !names(tagsOf(ifMatch), current)) return false;
  return ifNoneMatch === undefined || !names(tagsOf(ifNoneMatch).map(withoutWeakness), current);
}

/** If-Match compares strongly: a weak tag, with its `W/`, equals none of ours. */
function names(tags: readonly string[], current: string | undefined): boolean {
  return current !== undefined && (tags.includes("*") || tags.includes(current));
}

// Our own tags hold no comma, so that one in a foreign tag can only make it equal to nothing.
function tagsOf(list: string): readonly string[] {
  return list.split(",").map((tag) => tag.trim());
}

function withoutWeakness(tag: string): string {
  return tag.replace(/^W\//, "");
}
