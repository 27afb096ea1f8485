/** A text that grows by whole lines up to a limit, and says how many of a list found no room. */

export interface BoundedText {
  /** Puts lines that belong together, or none of them where there is no room for all. */
  put(...lines: readonly string[]): boolean;
  /** Puts the items in their order until there is no more room, and then how many are left. */
  list(items: readonly string[]): void;
  readonly text: string;
}

/** For the lines that say how much isn't shown. */
const reserve = 2_000;

/** @param limit in characters */
export function boundedText(limit: number): BoundedText {
  const kept: string[] = [];
  let length = 0;
  const put = (lines: readonly string[], within: number) => {
    const added = lines.reduce((sum, line) => sum + line.length + 1, 0);
    if (length + added > within) return false;
    kept.push(...lines);
    length += added;
    return true;
  };
  return {
    put: (...lines) => put(lines, limit - reserve),
    list(items) {
      const stuck = items.findIndex((item) => !put([item], limit - reserve));
      if (stuck !== -1) put(["", `… and ${items.length - stuck} more`], limit);
    },
    get text() {
      return kept.map((line) => `${line}\n`).join("");
    },
  };
}
