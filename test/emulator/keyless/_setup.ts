/** Keyless's calls as a client makes them, for the tests of the embedded tenant; the cryptography is a third party's. */
import { constants, createPublicKey, publicEncrypt, randomBytes } from "node:crypto";
import { gcmsiv } from "@noble/ciphers/aes.js";
import { z } from "zod";
import type { TenantOptions } from "../../../emulator/testing.js";
import { portrait } from "../../support/portraits.js";
import { type Answer, answerOf, StillClock, tenantFor } from "../_setup.js";

/** An online enrolment has no server state. */
const enrolledSchema = z.strictObject({
  keylessId: z.string(),
  clientState: z.string(),
  serverState: z.string().default(""),
});
const encryptionSchema = z.object({ keyId: z.string(), publicKey: z.string() });
export type Enrolled = z.infer<typeof enrolledSchema>;
export type Encryption = z.infer<typeof encryptionSchema>;

type Fields = Readonly<Record<string, string>>;

/** The parts of an import, each of which a test may replace. */
export interface ImportParts {
  readonly headers: Fields;
  readonly body: Uint8Array<ArrayBuffer>;
}

export async function keylessTenant(options: TenantOptions = {}) {
  const clock = new StillClock();
  const tenant = await tenantFor({ clock, ...options });
  const keyless = tenant.record.keyless;
  return { tenant, clock, keyless, ...callsOf(keyless) };
}

export function callsOf(keyless: Awaited<ReturnType<typeof tenantFor>>["record"]["keyless"]) {
  const send = async (
    url: string,
    method: string,
    headers: Fields,
    body?: string | Uint8Array<ArrayBuffer>,
  ): Promise<Answer> => answerOf(await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) }));
  const agent = (kind: "offline" | "online", image: Uint8Array | string, headers: Fields = {}) =>
    send(
      `${keyless.agentUrl}/v1/${kind}-enrollment`,
      "POST",
      { "content-type": "image/jpeg", scenario: "SELFIE", ...headers },
      typeof image === "string" ? image : Uint8Array.from(image),
    );
  const operations = (method: string, path: string, json?: unknown) =>
    send(
      `${keyless.operationsUrl}/v2${path}`,
      method,
      { "x-api-key": keyless.apiKey, ...(json === undefined ? {} : { "content-type": "application/json" }) },
      json === undefined ? undefined : typeof json === "string" ? json : JSON.stringify(json),
    );
  const authentication = (method: string, path: string, parts: Partial<ImportParts> = {}) =>
    send(
      `${keyless.authenticationUrl}/v1${path}`,
      method,
      { "kl-api-key": keyless.authenticationApiKey, ...parts.headers },
      parts.body,
    );
  const encryption = async () =>
    encryptionSchema.parse(
      (await authentication("GET", `/customers/${keyless.customer}/client-state-encryption`)).body,
    );
  const enroll = async (kind: "offline" | "online" = "offline"): Promise<Enrolled> =>
    enrolledSchema.parse((await agent(kind, portrait())).body);
  const register = ({ serverState }: Enrolled) => operations("POST", "/uncommitted-users", serverState);
  const commit = (keylessId: string) => operations("POST", `/uncommitted-users/${keylessId}/commit`);
  const userPath = (username: string) => `/users/${keyless.customer}/${encodeURIComponent(username)}`;
  const bring = (username: string, parts: Partial<ImportParts>) =>
    authentication("POST", `${userPath(username)}/import-client-state`, parts);
  return {
    agent,
    operations,
    authentication,
    encryption,
    enroll,
    register,
    commit,
    bring,
    find: (username: string) => authentication("GET", userPath(username)),
    backUp: (username: string) => authentication("POST", `${userPath(username)}/export-client-state`),
    devices: (keylessId: string) => operations("GET", `/users/${keylessId}/devices`),
    remove: (keylessId: string) => operations("DELETE", `/users/${keylessId}`),
    list: (username: string) => operations("GET", `/external-users/${encodeURIComponent(username)}/users`),
    importState: async (username: string, clientState: string) =>
      bring(username, sealed(clientState, await encryption())),
    /** Enrolled and committed. */
    committed: async (): Promise<Enrolled> => {
      const enrolled = await enroll();
      await register(enrolled);
      await commit(enrolled.keylessId);
      return enrolled;
    },
    /** Enrolled, committed and imported. */
    imported: async (username: string): Promise<Enrolled> => {
      const enrolled = await enroll();
      await register(enrolled);
      await commit(enrolled.keylessId);
      await bring(username, sealed(enrolled.clientState, await encryption()));
      return enrolled;
    },
  };
}

/** A client state as the contract wants it imported. */
export function sealed(clientState: string, encryption: Encryption, aesKey: Buffer = randomBytes(16)): ImportParts {
  const nonce = randomBytes(12);
  const sealedState = gcmsiv(aesKey, nonce).encrypt(Buffer.from(clientState, "utf8"));
  return {
    headers: importHeaders(encryption, wrapped(aesKey, encryption)),
    body: Uint8Array.from(Buffer.concat([nonce, sealedState])),
  };
}

export function wrapped(aesKey: Buffer, { publicKey }: Encryption, oaepHash = "sha256"): string {
  const key = { key: createPublicKey(publicKey), padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash };
  return publicEncrypt(key, aesKey).toString("hex");
}

function importHeaders({ keyId }: Encryption, wrappedKey: string): Fields {
  return {
    "content-type": "application/octet-stream",
    "kl-key-id": keyId,
    "kl-key-algorithm": "RSAES-OAEP-SHA-256",
    "kl-client-state-key": wrappedKey,
    "kl-client-state-algorithm": "AES-GCM-SIV",
  };
}
