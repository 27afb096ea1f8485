/** Baikal in the embedded tenant: the authserver that checks its clients' assertions against the JWK Sets that they publish. */
import type { System } from "../system.js";
import { baikalApp } from "./app.js";
import { ClientJwks } from "./client-jwks.js";
import { registeredClients } from "./clients.js";
import { SigningKeys } from "./signing-keys.js";
import { type AssertionCounts, type RejectionCounts, Tally } from "./tally.js";

export interface BaikalCounts {
  /** Registered ones. */
  readonly clients: number;
  /** What came as jwt-bearer grants of authenticated clients, proofs apart. */
  readonly assertions: AssertionCounts;
  /** Why assertions were rejected, how often each. */
  readonly rejections: RejectionCounts;
  /** Grants that a key ring tried before it promotes a key: `X-Correlator` begins with `authn-proof/`. */
  readonly proofs: AssertionCounts;
  readonly proofRejections: RejectionCounts;
}

/** The demonstration client's. */
export interface BaikalEntry {
  /** The authserver's address, without a trailing slash. */
  readonly endpoint: string;
  readonly clientId: string;
  /** A secret. */
  readonly clientSecret: string;
  /** The `iss` of its assertions. */
  readonly issuer: string;
  /** Where the authserver fetches its JWKS. */
  readonly jwksUrl: string;
}

const BAIKAL = "baikal";

export const baikal: System<BaikalCounts, BaikalEntry> = {
  services: [{ name: BAIKAL, title: "Baikal authserver (OpenID Connect)" }],
  async open({ store, clock, tokens, urlOf, settings }) {
    const { jwksCacheSeconds, accessTokenSeconds } = settings.baikal;
    const clients = registeredClients(settings.baikal, tokens, urlOf("jwks-bucket"));
    const jwks = new ClientJwks(clock, jwksCacheSeconds);
    const tally = await Tally.open(store);
    const signingKeys = await SigningKeys.open(store, clock);
    const endpoint = urlOf(BAIKAL);
    const app = baikalApp({
      issuer: `${endpoint}/`,
      clients,
      jwks,
      tally,
      clock,
      signingKeys,
      accessTokenSeconds,
      cookieKey: tokens.of("baikal-cookies"),
    });
    return {
      services: [{ name: BAIKAL, app }],
      record: { endpoint, ...clients[0] },
      counts: () => ({
        clients: clients.length,
        assertions: tally.counts("client"),
        rejections: tally.rejections("client"),
        proofs: tally.counts("proof"),
        proofRejections: tally.rejections("proof"),
      }),
      reset() {
        tally.clear();
        jwks.clear();
      },
    };
  },
};
