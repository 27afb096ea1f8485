/**
 * What `BaikalClientKeys` reaches outside: where documents go and are looked for, a grant to try, and key pairs. Loaded at the
 * first call only.
 */
import { rootCertificates } from "node:tls";
import { AuthnError } from "../errors.js";
import type { Dependencies, SessionSettings } from "../host/lifecycle.js";
import { createHttpClient } from "../http/client.js";
import type { HttpClient } from "../http/contract.js";
import { baikalApi } from "./api.js";
import { signAssertion } from "./assertion.js";
import { baikalHttp, readCaFile } from "./http.js";
import { algorithmOf, type Declared, modulusLengthOf } from "./intent.js";
import { givenKeyPair, type KeyPair, newKeyPair } from "./keyPair.js";
import { type Live, liveAddress, livePlace } from "./live.js";
import { filePlace } from "./places/file.js";
import { httpPlace } from "./places/http.js";
import type { Place } from "./places/place.js";
import type { BaikalSettings } from "./settings.js";

export interface RingIo {
  nowMs(): number;
  /** The `iss` of the client's assertions. */
  issuer(declared: Declared): string | undefined;
  /** Undefined: the `jwks` output feeds another resource, which publishes it. */
  place(declared: Declared): Place | undefined;
  live(declared: Declared): Live | undefined;
  /** Asks for a token with an assertion signed by the key. @throws what the authserver answered */
  grant(declared: Declared, key: { readonly kid: string; readonly pem: string }): Promise<void>;
  newKey(declared: Declared): Promise<KeyPair>;
  givenKey(pem: string): Promise<KeyPair>;
  /** Tells the person who runs the operation. */
  warn(line: string): void;
}

/** What the vendor's own clients wait at most (contracts/baikal.md, "Token endpoint"). */
const GRANT_TIMEOUT_MS = 15_000;

export function openRingIo(
  { authn, system, projectFolder }: SessionSettings<BaikalSettings>,
  dependencies: Dependencies,
): RingIo {
  const { allowedHosts, timeoutMs, maxRequestsPerSecond } = authn;
  const ca = system.caFile === undefined ? undefined : readCaFile(system.caFile, projectFolder);
  const clientOf = (url: string, urlProperty: string, secrets: readonly string[]): HttpClient =>
    createHttpClient(
      {
        service: "The place of the JWKS",
        urlProperty,
        ...(urlProperty === "baikal:publishUrl" ? { credentialProperty: "baikal:publishToken" } : {}),
        baseUrl: new URL(url).origin,
        allowedHosts,
        timeoutMs,
        ...(maxRequestsPerSecond === undefined ? {} : { maxRequestsPerSecond }),
        secrets: [...secrets, ...credentialsIn(url)],
        // A private authority signs for the authserver, perhaps, and a public one for the place: both are trusted here.
        ...(ca === undefined ? {} : { ca: [...rootCertificates, ca].join("\n") }),
      },
      dependencies,
    );

  const issuer = (declared: Declared) => declared.issuer ?? system.issuer;

  const place = ({ publish }: Declared): Place | undefined => {
    if (publish === undefined) return undefined;
    if ("file" in publish) return filePlace(publish.file, projectFolder);
    if ("url" in publish) {
      const { url, headers = {} } = publish;
      return httpPlace({ url, headers }, clientOf(url, "publish.url", Object.values(headers)));
    }
    const { publishUrl, publishToken } = system;
    if (publishUrl === undefined) throw missing(["baikal:publishUrl"]);
    const headers = publishToken === undefined ? {} : { authorization: `Bearer ${publishToken}` };
    const secrets = publishToken === undefined ? [] : [publishToken];
    const url = `${publishUrl}/${publish.path}`;
    return httpPlace({ url, headers }, clientOf(url, "baikal:publishUrl", secrets));
  };

  return {
    nowMs: () => dependencies.clock.now(),
    issuer,
    place,
    live(declared) {
      const jwksUrl = declared.verify?.jwksUrl;
      if (jwksUrl !== undefined) return liveAddress(jwksUrl, clientOf(jwksUrl, "verify.jwksUrl", []));
      const published = place(declared);
      if (published === undefined) return undefined;
      if (declared.publish !== undefined && "file" in declared.publish) return livePlace(published);
      // Where it is PUT it is shown, without the credentials that PUT needs.
      return liveAddress(published.name, clientOf(published.name, "publish", []));
    },
    async grant(declared, { kid, pem }) {
      const { endpoint, clientId, clientSecret } = system;
      const iss = issuer(declared);
      const grant = declared.verify?.grant;
      if (grant === undefined) return;
      if (endpoint === undefined || clientId === undefined || clientSecret === undefined || iss === undefined)
        throw missing(["baikal:endpoint", "baikal:clientId", "baikal:clientSecret", "baikal:issuer"]);
      const transport = {
        allowedHosts,
        timeoutMs: Math.min(timeoutMs, GRANT_TIMEOUT_MS),
        maxRequestsPerSecond,
        ...(ca === undefined ? {} : { ca }),
      };
      const api = baikalApi(baikalHttp({ clientId, clientSecret }, transport, dependencies), endpoint);
      const request = { correlator: `authn-proof/${dependencies.random.uuid()}` };
      const discovery = await api.discovery(request);
      const assertion = await signAssertion({
        ...grant,
        privateKey: pem,
        alg: algorithmOf(declared),
        kid,
        issuer: iss,
        audience: discovery.issuer,
        nowMs: dependencies.clock.now(),
      });
      await api.jwtBearer(discovery, assertion, request);
    },
    newKey: (declared) => newKeyPair(algorithmOf(declared), modulusLengthOf(declared)),
    givenKey: givenKeyPair,
    warn: (line) => dependencies.warn(line),
  };
}

/** What is long enough in a query to be a signature: a store may repeat the address that it refuses. */
function credentialsIn(url: string): readonly string[] {
  return [...new URL(url).searchParams.values()].filter((value) => value.length >= 16);
}

function missing(keys: readonly string[]): AuthnError {
  return new AuthnError({
    code: "ERR_AUTHN_CONFIGURATION",
    what: `What this ring declares needs ${keys.join(", ")}`,
    remedy: "Set them in the stack's configuration (secrets with --secret)",
  });
}
