/** What the journal calls a path that it must not hold as it stands: its route, with the names of the parameters. */

/** Names a path by its pattern, `/v2/users/{userId}`; one that fits none is `/*`, since what stands in it isn't known. */
export function patternsOf(paths: Readonly<Record<string, string>>): (pathname: string) => string {
  const patterns = Object.values(paths).map((path) => path.split("/"));
  return (pathname) => {
    const segments = pathname.split("/");
    const pattern = patterns.find((candidate) => fits(candidate, segments));
    return pattern === undefined ? "/*" : pattern.map((part) => part.replace(/^:(.+)/, "{$1}")).join("/");
  };
}

function fits(pattern: readonly string[], segments: readonly string[]): boolean {
  return (
    pattern.length === segments.length &&
    pattern.every((part, index) => (part.startsWith(":") ? segments[index] !== "" : part === segments[index]))
  );
}
