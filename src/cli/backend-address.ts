/** A backend's address as it may be shown: `postgres://authn:password@host/state?sslmode=…` holds a password, and so may its query. */

/** `postgres://host/state`; `postgres://…` where a password that should have been escaped leaves it open which part is the place. */
export function shownAddress(url: string): string {
  const start = url.indexOf("://") + 3;
  if (start < 3) return url;
  const [scheme, rest] = [url.slice(0, start), url.slice(start)];
  const [place = ""] = rest.split(/[?#]/, 1);
  if (place.includes(":") && rest.slice(place.length).includes("@")) return `${scheme}…`;
  return `${scheme}${place.slice(place.lastIndexOf("@") + 1)}`;
}

/** The engine's words, which name the backend as it was given, and files under it. */
export function withShownAddresses(text: string, url: string | undefined): string {
  const known = url === undefined || url === "" ? text : text.replaceAll(url, shownAddress(url));
  return known.replace(/([a-z][\w+.-]*:\/\/)[^\s/]*@/gi, "$1").replace(/([?&](?:ssl)?password=)[^&\s]*/gi, "$1…");
}
