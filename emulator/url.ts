/**
 * A URL, where a text is one. Not by `URL.canParse`: in Nodes 20 and 22 a process that has called it some thousand times is told that an
 * internationalised host is none.
 */
export function urlOf(text: string, base?: string): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}
