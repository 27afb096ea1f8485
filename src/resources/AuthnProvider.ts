/** `AuthnProvider`: an explicit provider instance, for a second account of a system beside the stack's own configuration. */
import * as pulumi from "@pulumi/pulumi";
import { baikalConfigurationKeys } from "../../providers/baikal/inputs.js";
import { hankoConfigurationKeys } from "../../providers/hanko/inputs.js";
import { keylessConfigurationKeys } from "../../providers/keyless/inputs.js";
import { keyriConfigurationKeys } from "../../providers/keyri/inputs.js";
import { refusePlainSeed } from "./plaintextSecrets.js";

type Text = pulumi.Input<string>;

/** Keyri's configuration, as `keyri:…` in the stack's. */
export interface KeyriConfiguration {
  readonly url?: Text;
  readonly token?: Text;
  readonly loginFormat?: pulumi.Input<"payload" | "fields">;
  readonly paths?: pulumi.Input<{ registration?: string; login?: string; keys?: string }>;
  readonly fields?: pulumi.Input<{
    payload?: string;
    pubKey?: string;
    username?: string;
    data?: string;
    signature?: string;
  }>;
}

/** Keyless's configuration, as `keyless:…` in the stack's. */
export interface KeylessConfiguration {
  readonly agentUrl?: Text;
  readonly operationsUrl?: Text;
  readonly authenticationUrl?: Text;
  readonly customer?: Text;
  /** The Operations Service's, and the Authentication Service's where that has none of its own. */
  readonly apiKey?: Text;
  readonly authenticationApiKey?: Text;
  readonly agentConcurrency?: pulumi.Input<number>;
  readonly agentTimeoutMs?: pulumi.Input<number>;
  readonly encryptionKeyId?: Text;
  /** PEM, SPKI. */
  readonly encryptionPublicKey?: Text;
  readonly encryptionKeyFingerprint?: Text;
  readonly readDevices?: pulumi.Input<boolean>;
}

/** Hanko's configuration, as `hanko:…` in the stack's. */
export interface HankoConfiguration {
  /** Which generation of the API. Default: `passkey`. */
  readonly api?: pulumi.Input<"authentication" | "passkey">;
  readonly url?: Text;
  /** The Passkey API's tenant, a UUID, and its key. */
  readonly tenantId?: Text;
  readonly apiKey?: Text;
  /** The Authentication API's key: its id, which may be missing, and its secret. */
  readonly apiKeyId?: Text;
  readonly apiSecret?: Text;
  readonly rpId?: Text;
  readonly origin?: Text;
}

/** Baikal's configuration, as `baikal:…` in the stack's. */
export interface BaikalConfiguration {
  /** The authserver's address, under which its discovery stands. */
  readonly endpoint?: Text;
  readonly clientId?: Text;
  readonly clientSecret?: Text;
  /** The client's own issuer. */
  readonly issuer?: Text;
  /** The path of a PEM file. */
  readonly caFile?: Text;
  /** Documents are put under it, with the token as `Authorization: Bearer …`. */
  readonly publishUrl?: Text;
  readonly publishToken?: Text;
}

export interface AuthnProviderArgs {
  readonly keyri?: KeyriConfiguration;
  readonly keyless?: KeylessConfiguration;
  readonly hanko?: HankoConfiguration;
  readonly baikal?: BaikalConfiguration;
}

/** Each system's addresses: they decide whether a secret may stand in plain text. */
const ADDRESSES: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  [keyriConfigurationKeys, keylessConfigurationKeys, hankoConfigurationKeys, baikalConfigurationKeys].map(
    ({ namespace, urls }) => [namespace, urls],
  ),
);

// An explicit instance sees only its own inputs; what holds for all accounts comes along.
const SHARED_SETTINGS = ["tenant", "seed", "ledger", "allowedHosts", "maxRequestsPerSecond", "timeoutMs"];

/**
 * A provider instance with an account of its own; it runs in a process of its own.
 * @example
 * const staging = new AuthnProvider("staging", { keyri: { url: "https://staging.example.com", token } });
 * new KeyriPublicKey("ada/phone", { username: "ada" }, { provider: staging });
 */
export class AuthnProvider extends pulumi.ProviderResource {
  constructor(name: string, args: AuthnProviderArgs, options?: pulumi.ResourceOptions) {
    // What tells the provider process that this is all: another account's environment variables don't fill it up.
    const inputs: Record<string, pulumi.Input<string>> = { "authn:instance": name };
    const shared = new pulumi.Config("authn");
    for (const key of SHARED_SETTINGS) {
      const value = shared.getSecret(key);
      if (value !== undefined) inputs[`authn:${key}`] = value;
    }
    for (const [namespace, settings] of Object.entries(args)) {
      const values: [string, unknown][] = Object.entries(settings);
      for (const [key, value] of values) {
        // All is secret: which of them are is not the reader's to find out from a state.
        if (value === undefined) continue;
        const text = pulumi.jsonStringify(value).apply(isAddress(namespace, key) ? checkedAddress : plainText);
        inputs[`${namespace}:${key}`] = pulumi.secret(text);
      }
    }
    super("pulumi-nodejs", name, inputs, options);
  }
}

function isAddress(namespace: string, key: string): boolean {
  return ADDRESSES[namespace]?.includes(key) ?? false;
}

function checkedAddress(json: string): string {
  const address = plainText(json);
  refusePlainSeed(address);
  return address;
}

/** Configuration is text: a text as it is, anything else as JSON. */
function plainText(json: string): string {
  const value: unknown = JSON.parse(json);
  return typeof value === "string" ? value : json;
}
