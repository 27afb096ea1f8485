/**
 * Who may speak to an origin: only those who meant this one. A page in a browser can be made to resolve its own name to
 * 127.0.0.1 (DNS rebinding), but then the request's Host is that name; a page elsewhere shows itself in Origin.
 */

/** The names under which a loopback port is addressed: `127.0.0.1:4187` and `localhost:4187`. */
export function hostsOf(port: number): ReadonlySet<string> {
  return new Set([`127.0.0.1:${port}`, `localhost:${port}`]);
}

/** True where both the Host header and the request's URL (they differ in absolute form) name this origin. */
export function isAddressedTo(hosts: ReadonlySet<string>, hostHeader: string | undefined, url: URL): boolean {
  return hostHeader !== undefined && hosts.has(hostHeader.toLowerCase()) && hosts.has(url.host);
}

/** True where the Origin header is absent, as outside a browser, or is this origin itself, or one whose pages are welcome here. */
export function isWelcome(
  hosts: ReadonlySet<string>,
  originHeader: string | undefined,
  pages: readonly string[] = [],
): boolean {
  if (originHeader === undefined || pages.includes(originHeader)) return true;
  return [...hosts].some((host) => originHeader === `http://${host}`);
}
