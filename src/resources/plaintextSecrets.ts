/**
 * Refuses a secret that stands in plain text in the stack's configuration, where the service is not on loopback: it would be in
 * the state, and in git, as it is. Only the program can see how a value is stored; the provider gets all in plain.
 */
import * as pulumi from "@pulumi/pulumi";
import { environmentName } from "../../providers/host/environmentName.js";
import { isLoopbackHost } from "../../providers/http/guard.js";
import { urlOf } from "../../providers/url.js";

export interface ConfigurationKeys {
  readonly namespace: string;
  readonly urls: readonly string[];
  readonly secrets: readonly string[];
}

/** Throws a `RunError` (a message without a stack) that names each such key and the command that mends it. */
export function refusePlaintextSecrets({ namespace, urls, secrets }: ConfigurationKeys): void {
  const config = new pulumi.Config(namespace);
  const addresses = urls.map((key) => config.get(key) ?? process.env[environmentName(namespace, key)]);
  if (addresses.some(isElsewhere)) refusePlain([...secrets.map((key) => `${namespace}:${key}`), "authn:seed"]);
}

/** For an explicit instance: the stack's shared secrets, where its address is elsewhere. */
export function refusePlainSeed(address: unknown): void {
  if (isElsewhere(address)) refusePlain(["authn:seed"]);
}

function refusePlain(keys: readonly string[]): void {
  const plain = keys.filter((key) => isPlain(key));
  if (plain.length === 0) return;
  throw new pulumi.RunError(
    `ERR_AUTHN_PLAINTEXT_SECRET: ${plain.join(", ")} must be secret in the stack's configuration. ${plain
      .map((key) => `Run: pulumi config set --secret ${key} …`)
      .join("; ")}`,
  );
}

function isPlain(key: string): boolean {
  if (pulumi.runtime.getConfig(key) === undefined) return false;
  // The SDK exports it without a type. Without it nothing can be said, and a guard that can't see must not block.
  const isConfigSecret: unknown = Reflect.get(pulumi.runtime, "isConfigSecret");
  if (typeof isConfigSecret !== "function") return false;
  const secret: unknown = isConfigSecret(key);
  return secret === false;
}

function isElsewhere(url: unknown): boolean {
  const parsed = typeof url === "string" ? urlOf(url) : undefined;
  return parsed !== undefined && !isLoopbackHost(parsed.hostname);
}
