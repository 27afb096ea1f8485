/**
 * A client by the `BAIKAL_*` variables of the Python SDK (contracts/baikal.md, "Client keys"). There the variables win over arguments;
 * here an option that the code gives wins, as everywhere in this package.
 */
import { AuthnError } from "../errors.js";
import { type BaikalClient, createBaikalClient } from "./client.js";
import type { BaikalClientOptions } from "./clientOptions.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** The options that a client can't do without, by their variables. */
const NEEDED = {
  endpoint: "BAIKAL_AUTHSERVER_ENDPOINT",
  clientId: "BAIKAL_CLIENT_ID",
  clientSecret: "BAIKAL_CLIENT_SECRET",
} as const;

/**
 * `createBaikalClient` with what the options leave out taken from the environment: `BAIKAL_AUTHSERVER_ENDPOINT`, `BAIKAL_CLIENT_ID`,
 * `BAIKAL_CLIENT_SECRET`, `BAIKAL_ISSUER`, `BAIKAL_PRIVATE_CERTS_PATH` (unless the options give a `privateKey`) and `BAIKAL_VERIFY_CERTS`
 * (`False` or `false`: loopback only). An empty variable counts as unset.
 * @throws AuthnError `ERR_AUTHN_CONFIGURATION` or `ERR_AUTHN_HOST_REFUSED`, as `createBaikalClient`
 * @example
 * const baikal = createBaikalClientFromEnvironment({ allowedHosts: ["auth.example.com"] });
 */
export function createBaikalClientFromEnvironment(
  options: Partial<BaikalClientOptions> = {},
  environment: Environment = process.env,
): BaikalClient {
  const read = (name: string) => environment[name] || undefined;
  const {
    endpoint = read(NEEDED.endpoint),
    clientId = read(NEEDED.clientId),
    clientSecret = read(NEEDED.clientSecret),
    issuer = read("BAIKAL_ISSUER"),
    keyFiles = options.privateKey === undefined ? read("BAIKAL_PRIVATE_CERTS_PATH") : undefined,
    verifyCerts = !/^[Ff]alse$/.test(read("BAIKAL_VERIFY_CERTS") ?? ""),
  } = options;
  if (endpoint === undefined || clientId === undefined || clientSecret === undefined)
    throw missing(Object.entries({ endpoint, clientId, clientSecret }));
  return createBaikalClient({
    ...options,
    ...{ endpoint, clientId, clientSecret, verifyCerts },
    ...(issuer === undefined ? {} : { issuer }),
    ...(keyFiles === undefined ? {} : { keyFiles }),
  });
}

function missing(found: readonly (readonly [name: string, value: string | undefined])[]): AuthnError {
  const variables: Readonly<Record<string, string>> = NEEDED;
  const names = found.flatMap(([name, value]) => (value === undefined ? [`${name} (${variables[name]})`] : []));
  return new AuthnError({
    code: "ERR_AUTHN_CONFIGURATION",
    what: `Neither the options nor the environment have ${names.join(", ")}`,
    remedy: "Set the variables, or give the options",
  });
}
