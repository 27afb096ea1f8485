/** `HankoCredential` hosted over a tenant: what the lifecycle tests of Hanko share. */
import type { Tenant } from "../../emulator/testing.js";
import { hankoCredentialLifecycle } from "../../providers/hanko/lifecycle.js";
import type { HostedProvider } from "../../providers/host/adapter.js";
import { hosted } from "./hosting.js";

export type Generation = "passkey" | "authentication";

function hankoConfiguration({ record: { hanko } }: Pick<Tenant, "record">, api: Generation): Record<string, string> {
  const { rpId, origin } = hanko;
  const settings = { api, rpId, origin, ...hanko[api] };
  return Object.fromEntries(Object.entries(settings).map(([key, value]) => [`hanko:${key}`, value]));
}

export function hostedHanko(
  tenant: Pick<Tenant, "record">,
  api: Generation,
  configuration: Readonly<Record<string, string>> = {},
): HostedProvider {
  return hosted(hankoCredentialLifecycle, {
    configuration: { ...hankoConfiguration(tenant, api), "authn:timeoutMs": "5000", ...configuration },
  });
}
