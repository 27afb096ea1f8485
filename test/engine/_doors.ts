/** A tenant of all four systems behind witnesses, and the configuration that leads a stack through them. */
import { z } from "zod";
import { startTenant, type Tenant } from "../../emulator/testing.js";
import { type Misbehaviour, openWitness, type Witness } from "./_witness.js";

export type Door = "agent" | "operations" | "authentication" | "passkey" | "hanko" | "baikal" | "bucket" | "keyri";

export interface WatchedTenant {
  readonly tenant: Tenant;
  readonly doors: Readonly<Record<Door, Witness>>;
  /** The configuration's secrets, by their keys. */
  readonly credentials: Readonly<Record<string, string>>;
  /** Everything else that a stack has to know. @param api which of Hanko's */
  settings(api: "passkey" | "authentication"): Readonly<Record<string, string>>;
  /** All services behave so, or well again. */
  misbehave(how: Misbehaviour | undefined, isMeant?: (method: string, path: string) => boolean): void;
  close(): Promise<void>;
}

const discovery = z.looseObject({ token_endpoint: z.string() });

export async function openWatchedTenant(): Promise<WatchedTenant> {
  // Real time is enough for a ring whose keys wait for nobody.
  const tenant = await startTenant({ baikal: { jwksCacheSeconds: 0 } });
  const { keyless, hanko, baikal, keyri } = tenant.record;
  const doors = {
    agent: await openWitness(keyless.agentUrl),
    operations: await openWitness(keyless.operationsUrl),
    authentication: await openWitness(keyless.authenticationUrl),
    passkey: await openWitness(hanko.passkey.url),
    hanko: await openWitness(hanko.authentication.url),
    // Its issuer stays what the assertions are made out to.
    baikal: await openWitness(baikal.endpoint, (answer, url) => {
      const known = discovery.safeParse(parsed(answer)).data;
      if (known === undefined) return answer;
      return JSON.stringify({ ...known, token_endpoint: `${url}${new URL(known.token_endpoint).pathname}` });
    }),
    bucket: await openWitness(baikal.publishUrl),
    keyri: await openWitness(keyri.url),
  };
  return {
    tenant,
    doors,
    credentials: {
      "keyless:apiKey": keyless.apiKey,
      "keyless:authenticationApiKey": keyless.authenticationApiKey,
      "hanko:apiKey": hanko.passkey.apiKey,
      "hanko:apiSecret": hanko.authentication.apiSecret,
      "baikal:clientSecret": baikal.clientSecret,
      "baikal:publishToken": baikal.publishToken,
      "keyri:token": keyri.token,
      "authn:seed": Buffer.from("seed-canary-seed-canary-seed-32b").toString("base64"),
    },
    settings: (api) => ({
      "keyless:agentUrl": doors.agent.url,
      "keyless:operationsUrl": doors.operations.url,
      "keyless:authenticationUrl": doors.authentication.url,
      "keyless:customer": keyless.customer,
      "keyless:encryptionKeyFingerprint": keyless.encryptionKeyFingerprint,
      "hanko:api": api,
      "hanko:url": api === "passkey" ? doors.passkey.url : doors.hanko.url,
      "hanko:tenantId": hanko.passkey.tenantId,
      "hanko:apiKeyId": hanko.authentication.apiKeyId,
      "hanko:rpId": hanko.rpId,
      "hanko:origin": hanko.origin,
      "baikal:endpoint": doors.baikal.url,
      "baikal:clientId": baikal.clientId,
      "baikal:issuer": baikal.issuer,
      "baikal:publishUrl": doors.bucket.url,
      "keyri:url": doors.keyri.url,
    }),
    misbehave(how, isMeant) {
      for (const door of Object.values(doors)) door.misbehave(how, isMeant);
    },
    async close() {
      for (const door of Object.values(doors)) await door.close();
      await tenant.close();
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
