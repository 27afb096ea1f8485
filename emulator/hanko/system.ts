/** Hanko in the embedded tenant: the original Authentication API, the Passkey API that followed it, and a relying party to try both's passkeys at. */
import { randomBytes, randomUUID } from "node:crypto";
import { z } from "zod";
import { patternsOf } from "../http/patterns.js";
import { relyingPartyApp } from "../relying-party/routes.js";
import { Sessions } from "../relying-party/sessions.js";
import { RelyingPartyUsers } from "../relying-party/users.js";
import type { Store } from "../store/store.js";
import type { System } from "../system.js";
import { UsedNonces } from "./authentication/nonces.js";
import { openRegister } from "./authentication/register.js";
import { authenticationApp } from "./authentication/routes.js";
import { OpenChallenges } from "./challenges.js";
import { PasskeyRegister } from "./passkey/register.js";
import { passkeyApp } from "./passkey/routes.js";
import { TokenIssuer } from "./passkey/tokens.js";
import { authenticationPaths, passkeyPaths } from "./paths.js";

export interface HankoCounts {
  readonly authenticationCredentials: number;
  readonly passkeyCredentials: number;
}

export interface HankoEntry {
  /** Where the relying party stands for its users' browsers, as client data name it. */
  readonly origin: string;
  /** The relying party's id. */
  readonly rpId: string;
  readonly authentication: {
    readonly url: string;
    readonly apiKeyId: string;
    /** A secret. */
    readonly apiSecret: string;
  };
  readonly passkey: {
    /** Without the tenant's id. */
    readonly url: string;
    readonly tenantId: string;
    /** Header `apiKey`. A secret. */
    readonly apiKey: string;
  };
}

const AUTHENTICATION = "hanko-authentication";
const PASSKEY = "hanko-passkey";
const RELYING_PARTY = "relying-party";

export const hanko: System<HankoCounts, HankoEntry> = {
  services: [
    { name: AUTHENTICATION, title: "Hanko Authentication API (passkeys, original generation)" },
    { name: PASSKEY, title: "Hanko Passkey API (passkeys, present generation)" },
    { name: RELYING_PARTY, title: "Demonstration relying party of the Passkey API (for a browser)" },
  ],
  async open({ store, clock, tokens, urlOf, settings: { hanko: settings } }) {
    const origins = settings.origins ?? [urlOf(RELYING_PARTY)];
    const party = { id: settings.rpId, name: settings.rpName, origins };
    const { tenantId, apiKeyId } = await openIds(store);
    const [apiSecret, apiKey] = [tokens.of(AUTHENTICATION), tokens.of(PASSKEY)];
    const common = { party, settings, clock };

    const credentials = await openRegister(store);
    const nonces = await UsedNonces.open(store, clock);
    const challenges = await OpenChallenges.open(store, "hanko-authentication-challenges", clock, randomBytes);
    const authentication = authenticationApp({ ...common, credentials, challenges, nonces, apiKeyId, apiSecret });

    const register = await PasskeyRegister.open(store, clock);
    const passkeyChallenges = await OpenChallenges.open(store, "hanko-passkey-challenges", clock, randomBytes);
    const issuer = await TokenIssuer.open(store, clock, party.id);
    const passkeyParts = { ...common, register, challenges: passkeyChallenges, tokens: issuer, tenantId, apiKey };

    const users = await RelyingPartyUsers.open(store, randomBytes);
    const sessions = new Sessions();
    const service = { url: `${urlOf(PASSKEY)}/${tenantId}`, apiKey, rpId: party.id };
    return {
      services: [
        { name: AUTHENTICATION, app: authentication, pattern: patternsOf(authenticationPaths) },
        // A ceremony may be run by the relying party's page itself, behind a development server that passes its Origin on.
        { name: PASSKEY, app: passkeyApp(passkeyParts), pages: origins, pattern: patternsOf(passkeyPaths) },
        {
          name: RELYING_PARTY,
          app: relyingPartyApp({ users, sessions, service, origin: urlOf(RELYING_PARTY), clock }),
        },
      ],
      record: {
        origin: origins[0] ?? urlOf(RELYING_PARTY),
        rpId: party.id,
        authentication: { url: urlOf(AUTHENTICATION), apiKeyId, apiSecret },
        passkey: { url: urlOf(PASSKEY), tenantId, apiKey },
      },
      counts: () => ({ authenticationCredentials: credentials.size, passkeyCredentials: register.credentials.size }),
      reset() {
        for (const part of [credentials, nonces, challenges, register, passkeyChallenges, users, sessions])
          part.clear();
      },
    };
  },
};

const idsRow = z.object({ tenantId: z.uuid(), apiKeyId: z.uuid() });

/** Made once; neither is a secret. */
async function openIds(store: Store): Promise<z.infer<typeof idsRow>> {
  const table = await store.table("hanko-ids", idsRow);
  const known = table.get("ids");
  if (known !== undefined) return known;
  const made = { tenantId: randomUUID(), apiKeyId: randomUUID() };
  table.set("ids", made);
  return made;
}
