/**
 * The host guard: which hosts this package may speak to. Only loopback (RFC 6761 §6.3, RFC 1122 §3.2.1.3, RFC 4291 §2.5.3) is
 * free; any other host must stand in `authn:allowedHosts`, so that fixtures meant for a test tenant never reach production
 * by a wrong URL. Pure and offline: it is asked when inputs are checked, and by the client before each request.
 */
import { BlockList, isIP, isIPv6 } from "node:net";
import { urlOf } from "../url.js";

export interface GuardVerdict {
  readonly allowed: boolean;
  /** Why the URL is refused, as one sentence without a full stop. Never holds credentials that the URL carries. */
  readonly reason?: string;
  /** What to do about it; for a host that isn't listed, the command that lists it. */
  readonly remedy?: string;
}

interface AllowedHost {
  readonly hostname: string;
  /** The only port it stands for; undefined: every port. */
  readonly port: number | undefined;
  /** True where the entry itself is written `http://`, and so accepts what travels in plain text. */
  readonly plaintext: boolean;
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { "http:": 80, "https:": 443 };
const HOSTNAME = /^(?:[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?|\[[0-9a-f:]+\])$/;

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4"); // also matches its IPv4-mapped IPv6 form
loopback.addAddress("::1", "ipv6");

/** One spelling for each host: lower case, no brackets, no trailing dot of a fully qualified name. */
function canonical(hostname: string): string {
  return hostname
    .toLowerCase()
    .replace(/^\[(.*)\]$/, "$1")
    .replace(/\.$/, "");
}

/**
 * True for 127.0.0.0/8, ::1, `localhost` and `*.localhost`.
 * @param hostname as `URL.hostname` gives it: IPv6 with or without brackets, IPv4 in dotted form.
 */
export function isLoopbackHost(hostname: string): boolean {
  const name = canonical(hostname);
  const family = isIP(name);
  if (family !== 0) return loopback.check(name, family === 4 ? "ipv4" : "ipv6");
  return name === "localhost" || name.endsWith(".localhost");
}

/** The port a URL speaks to, its scheme's own where none is written. */
export function effectivePort(url: URL): number {
  return url.port === "" ? (DEFAULT_PORTS[url.protocol] ?? 0) : Number(url.port);
}

/** An entry of `authn:allowedHosts`; undefined where it is no host, so that a mistyped entry allows nothing. */
function readEntry(entry: string): AllowedHost | undefined {
  const written = entry.trim();
  const withScheme = /^https?:\/\//i.test(written) ? written : `https://${isIPv6(written) ? `[${written}]` : written}`;
  if (urlOf(withScheme) === undefined) return undefined;
  const url = new URL(withScheme);
  const bare = url.username === "" && url.password === "" && url.search === "" && url.hash === "";
  if (!bare || url.pathname !== "/") return undefined;
  // `URL` drops a port that is its scheme's default; here a written port counts, whichever it is.
  const port = /:(\d+)\/?$/.exec(withScheme.replace(/^https?:/i, ""))?.[1];
  return {
    hostname: canonical(url.hostname),
    port: port === undefined ? undefined : Number(port),
    plaintext: url.protocol === "http:",
  };
}

function refuse(reason: string, remedy: string): GuardVerdict {
  return { allowed: false, reason, remedy };
}

/**
 * Says whether a service's URL may be spoken to.
 * @param url the whole URL as configured.
 * @param allowedHosts `authn:allowedHosts`: `host`, `host:port`, or `http://host[:port]` where plain text is accepted.
 * @param urlProperty the setting that holds the URL, such as `keyri:url`, named in reason and remedy.
 */
export function guardHost(url: string, allowedHosts: readonly string[], urlProperty: string): GuardVerdict {
  const absolute = `Set ${urlProperty} to a URL such as https://api.example.com`;
  if (urlOf(url) === undefined) return refuse(`${urlProperty} is not a URL`, absolute);
  const target = new URL(url);
  if (!(target.protocol in DEFAULT_PORTS)) return refuse(`${urlProperty} is neither https:// nor http://`, absolute);
  if (target.username !== "" || target.password !== "") {
    return refuse(
      `${urlProperty} carries a user name or password before the host ${target.hostname}`,
      `Take what stands before the @ out of ${urlProperty}`,
    );
  }
  if (!HOSTNAME.test(target.hostname.replace(/\.$/, ""))) {
    return refuse(`${urlProperty} does not name a valid host`, absolute);
  }
  if (isLoopbackHost(target.hostname)) return { allowed: true };

  const hostname = canonical(target.hostname);
  const port = effectivePort(target);
  const plaintext = target.protocol === "http:";
  const entries = allowedHosts
    .map(readEntry)
    .filter((entry) => entry?.hostname === hostname && (entry.port === undefined || entry.port === port));
  if (entries.some((entry) => entry?.plaintext === true || !plaintext)) return { allowed: true };

  const host = `${target.hostname.replace(/\.$/, "")}${target.port === "" ? "" : `:${target.port}`}`;
  // The next free index: a line that named [0] would replace what is already allowed.
  const command = (value: string): string =>
    `pulumi config set --path 'authn:allowedHosts[${allowedHosts.length}]' ${/[^a-z0-9.:_-]/.test(value) ? `'${value}'` : value}` +
    // Only the list itself knows where it is set: as text or in the environment it takes no index.
    (allowedHosts.length === 0 ? "" : ` (or add ${value} to the list where it is set)`);
  if (plaintext) {
    return refuse(
      `${urlProperty} would send secrets in plain text over http:// to ${host}`,
      `Use https://, or accept it with: ${command(`http://${host}`)}`,
    );
  }
  return refuse(
    `${urlProperty} names ${host}, which is neither loopback nor listed in authn:allowedHosts`,
    `If it is a test tenant, allow it: ${command(host)}`,
  );
}
