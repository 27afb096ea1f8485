/** `createHankoClient`: the calls of either API of Hanko for a user's own tests, and acting as a fixture in them (contracts/hanko.md). */
import { usableOptions } from "../host/clientOptions.js";
import { realDependencies } from "../host/dependencies.js";
import type { HankoApi, HankoCredentialInfo } from "./api.js";
import type { HankoAuthenticationApi } from "./authenticationApi.js";
import { type HankoFixtures, hankoFixtures } from "./fixture.js";
import { openAuthentication, openPasskey } from "./generations.js";
import { everyCredential } from "./listing.js";
import type { HankoPasskeyApi } from "./passkeyApi.js";
import { hankoSection } from "./settings.js";
import type { VerifyHankoToken } from "./tokens.js";

export interface HankoClient extends HankoFixtures {
  /** What both generations have, alike. */
  readonly api: HankoApi;
  /** All of them, or one user's. */
  credentials(userId?: string): Promise<readonly HankoCredentialInfo[]>;
}

export interface HankoPasskeyClient extends HankoClient {
  /** The Passkey API's own calls. */
  readonly passkey: HankoPasskeyApi;
  /** Against the tenant's keys. @throws AuthnError `ERR_AUTHN_PROOF_FAILED` */
  readonly verifyToken: VerifyHankoToken;
}

export interface HankoAuthenticationClient extends HankoClient {
  /** The Authentication API's own calls. */
  readonly authentication: HankoAuthenticationApi;
}

interface CommonOptions {
  /** The base address of the API. */
  readonly url: string;
  /** The relying party's domain, and the origin that signatures are made at. */
  readonly rpId: string;
  readonly origin: string;
  /** Hosts beside loopback that may be called; default none. */
  readonly allowedHosts?: readonly string[];
  /** One request; default 30 000. */
  readonly timeoutMs?: number;
}

export interface HankoPasskeyClientOptions extends CommonOptions {
  readonly api: "passkey";
  readonly tenantId: string;
  readonly apiKey: string;
}

export interface HankoAuthenticationClientOptions extends CommonOptions {
  readonly api: "authentication";
  /** Absent: the secret itself is sent. */
  readonly apiKeyId?: string;
  readonly apiSecret: string;
}

export type HankoClientOptions = HankoPasskeyClientOptions | HankoAuthenticationClientOptions;

/**
 * A client of a Hanko tenant.
 * @throws AuthnError `ERR_AUTHN_CONFIGURATION` for options that can't be used, `ERR_AUTHN_HOST_REFUSED` for a host that isn't allowed
 * @example
 * const { origin, rpId, passkey } = tenant.record.hanko;
 * const hanko = createHankoClient({ api: "passkey", origin, rpId, ...passkey });
 * const { token } = await hanko.login(outputs.credentials["ada/laptop"]);
 */
export function createHankoClient(options: HankoPasskeyClientOptions): HankoPasskeyClient;
export function createHankoClient(options: HankoAuthenticationClientOptions): HankoAuthenticationClient;
export function createHankoClient(options: HankoClientOptions): HankoPasskeyClient | HankoAuthenticationClient {
  const { allowedHosts = [], timeoutMs = 30_000, ...tenant } = options;
  const settings = usableOptions("createHankoClient", hankoSection.schema, tenant);
  const limits = { allowedHosts: [...allowedHosts], timeoutMs };
  const dependencies = realDependencies();
  const common = (api: HankoApi): HankoClient => ({
    api,
    credentials: (userId) => everyCredential(api, userId),
    ...hankoFixtures(api, settings, dependencies.clock),
  });
  if (settings.api === "passkey") {
    const { passkey, verifyToken, api } = openPasskey(settings, limits, dependencies);
    return { passkey, verifyToken, ...common(api) };
  }
  const { authentication, api } = openAuthentication(settings, limits, dependencies);
  return { authentication, ...common(api) };
}
