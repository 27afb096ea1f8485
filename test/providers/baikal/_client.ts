/** A Baikal client for an authserver of the test's own, with a clock that passes only when told. */
import { createBaikalClient } from "../../../providers/baikal/client.js";
import type { BaikalClientOptions } from "../../../providers/baikal/clientOptions.js";
import { manualClock } from "../http/service.js";
import { type Authserver, authserver, CLIENT, ISSUER, RSA } from "./_authserver.js";

export const PEM = String(RSA.privateKey.export({ format: "pem", type: "pkcs8" }));

export async function clientOf(options: Partial<BaikalClientOptions> = {}, existing?: Authserver) {
  const server = existing ?? (await authserver());
  const clock = manualClock();
  const warnings: string[] = [];
  const baikal = createBaikalClient({
    ...{ endpoint: server.endpoint, ...CLIENT, issuer: ISSUER, privateKey: PEM, clock },
    warn: (line) => void warnings.push(line),
    ...options,
  });
  return { server, clock, warnings, baikal };
}
