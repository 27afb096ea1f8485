/**
 * The HTTP side of Baikal: client authentication, and requests to the addresses that discovery names, each guarded as the
 * configured one is (contracts/baikal.md).
 */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { AuthnError } from "../errors.js";
import type { AuthnSettings } from "../host/configuration.js";
import type { Dependencies } from "../host/lifecycle.js";
import { createHttpClient } from "../http/client.js";
import type { Answer, Call, ClientSettings } from "../http/contract.js";
import { urlOf } from "../url.js";

export interface BaikalAccount {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** What the requests are limited by, and which certificates are taken. */
export interface BaikalTransport
  extends Pick<AuthnSettings, "allowedHosts">,
    Pick<ClientSettings, "ca" | "unverifiedTls"> {
  /** One attempt of a request; default 15 000. */
  readonly timeoutMs?: number | undefined;
  readonly maxRequestsPerSecond?: number | undefined;
  /** Requests under way at a time, of all clients of the origin together; default 16. */
  readonly concurrency?: number | undefined;
}

/** An address and where it comes from, as errors name it: `baikal:endpoint`, `the jwks_uri of baikal:endpoint`. */
export interface BaikalAddress {
  readonly url: string;
  readonly property: string;
}

export interface BaikalHttp {
  /** Whole: the path and query of the call are the address's. */
  call(address: BaikalAddress, call: Omit<Call, "path" | "query">): Promise<Answer>;
  /** @throws AuthnError `ERR_AUTHN_HOST_REFUSED` or `ERR_AUTHN_CONFIGURATION` for what can't be spoken to so */
  assertSound(address: BaikalAddress): void;
  /** The `Authorization` of every token and introspection request. */
  readonly authorization: string;
  /** What no text may show. */
  readonly secrets: readonly string[];
}

const DEFAULT_TIMEOUT_MS = 15_000;

export function baikalHttp(
  { clientId, clientSecret }: BaikalAccount,
  { timeoutMs = DEFAULT_TIMEOUT_MS, ...transport }: BaikalTransport,
  dependencies: Dependencies,
): BaikalHttp {
  // As it is: an encoded secret (RFC 6749 §2.3.1) is another one to this server.
  const credentials = Buffer.from(`${clientId}:${clientSecret}`, "utf8").toString("base64");
  const secrets = [clientSecret, credentials];
  const { maxRequestsPerSecond, concurrency, ca, unverifiedTls } = transport;
  const open = (baseUrl: string, urlProperty: string) =>
    createHttpClient(
      {
        service: "Baikal",
        urlProperty,
        credentialProperty: "baikal:clientId and baikal:clientSecret",
        baseUrl,
        allowedHosts: transport.allowedHosts,
        timeoutMs,
        secrets,
        ...(maxRequestsPerSecond === undefined ? {} : { maxRequestsPerSecond }),
        ...(concurrency === undefined ? {} : { concurrency }),
        ...(ca === undefined ? {} : { ca }),
        ...(unverifiedTls === undefined ? {} : { unverifiedTls }),
      },
      dependencies,
    );
  return {
    authorization: `Basic ${credentials}`,
    secrets,
    assertSound({ url, property }) {
      open(parse(url, property).origin, property);
    },
    async call({ url, property }, asked) {
      const { origin, pathname, searchParams } = parse(url, property);
      return open(origin, property).call({ ...asked, path: pathname, query: Object.fromEntries(searchParams) });
    },
  };
}

/**
 * The PEM of `baikal:caFile`.
 * @param folder absolute; the base of a relative path
 * @throws AuthnError `ERR_AUTHN_CONFIGURATION` for a file that can't be read
 */
export function readCaFile(caFile: string, folder: string): string {
  try {
    return readFileSync(resolve(folder, caFile), "utf8");
  } catch (error) {
    throw new AuthnError({
      code: "ERR_AUTHN_CONFIGURATION",
      what: `The certificate authorities of baikal:caFile can't be read from ${caFile}${codeOf(error)}`,
      remedy: "Give the path of a PEM file",
    });
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
}

/** What an origin doesn't hold must be refused here; the rest is the guard's. */
function parse(url: string, property: string): URL {
  const parsed = urlOf(url);
  if (parsed !== undefined && /^https?:$/.test(parsed.protocol) && parsed.username === "" && parsed.password === "")
    return parsed;
  throw new AuthnError({
    code: "ERR_AUTHN_CONFIGURATION",
    what: `${property} is no http or https address without a user name`,
    remedy: "Check baikal:endpoint, and what the authserver's discovery names",
  });
}
