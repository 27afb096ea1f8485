/**
 * Which relying party ids an origin may use (WebAuthn L3 §5.1.3, steps on the effective domain): its own host, or a parent domain
 * of it, from a secure context. Pure text, so check may use it too.
 */
import { isIP } from "node:net";
import { urlOf } from "../../url.js";

/** What forbids it, as the end of "The relying party id …"; undefined where nothing does. */
export function relyingPartyFault(rpId: string, origin: string): string | undefined {
  if (urlOf(origin) === undefined) return `needs an origin such as https://${rpId}, and what came is none`;
  const { protocol, hostname, origin: serialised } = new URL(origin);
  if (serialised !== origin) return `needs an origin without a path, such as ${serialised}`;
  if (isIP(hostname.replace(/^\[|\]$/g, "")) !== 0)
    return `${rpId} needs an origin with a domain: browsers refuse passkeys at addresses such as ${origin}`;
  if (protocol !== "https:" && !(protocol === "http:" && isLocal(hostname)))
    return `${rpId} needs an https origin (http at localhost only), not ${origin}`;
  if (hostname === rpId || (rpId.includes(".") && hostname.endsWith(`.${rpId}`))) return undefined;
  return `${rpId} is neither the host of ${origin} nor a parent domain of it`;
}

function isLocal(hostname: string): boolean {
  return hostname === "localhost" || hostname.endsWith(".localhost");
}
