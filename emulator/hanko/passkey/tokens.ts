/**
 * The tokens that a finalized ceremony gives: RS256, for five minutes, under a key that is made when it is first needed and then
 * kept in the store.
 */
import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject, randomUUID } from "node:crypto";
import { promisify } from "node:util";
import { exportJWK, SignJWT } from "jose";
import { z } from "zod";
import type { Clock } from "../../clock.js";
import type { Store, Table } from "../../store/store.js";
import { TOKEN_KEY_BITS } from "../assumptions.js";

const LIFETIME_SECONDS = 300;
const ALGORITHM = "RS256";
const keyRow = z.object({ kid: z.string(), pkcs8: z.string() });
const makePair = promisify(generateKeyPair);

interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
}

export interface Claims {
  readonly userId: string;
  readonly credentialId: string;
  readonly transactionId?: string | undefined;
}

export class TokenIssuer {
  readonly #keys: Table<z.infer<typeof keyRow>>;
  readonly #clock: Clock;
  readonly #audience: string;
  /** One, also for those who ask while it is being made. */
  #key: Promise<SigningKey> | undefined;

  private constructor(keys: Table<z.infer<typeof keyRow>>, clock: Clock, audience: string) {
    this.#keys = keys;
    this.#clock = clock;
    this.#audience = audience;
  }

  /** @param audience the relying party's id */
  static async open(store: Store, clock: Clock, audience: string): Promise<TokenIssuer> {
    return new TokenIssuer(await store.table("hanko-token-key", keyRow), clock, audience);
  }

  async issue({ userId, credentialId, transactionId }: Claims): Promise<string> {
    const { kid, privateKey } = await this.#signingKey();
    const issuedAt = Math.floor(this.#clock.nowMs() / 1000);
    const trans = transactionId === undefined ? {} : { trans: transactionId };
    return new SignJWT({ aud: [this.#audience], cred: credentialId, ...trans })
      .setProtectedHeader({ alg: ALGORITHM, kid, typ: "JWT" })
      .setSubject(userId)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + LIFETIME_SECONDS)
      .sign(privateKey);
  }

  /** A JWK Set (RFC 7517 §5). */
  async jwks() {
    const { kid, privateKey } = await this.#signingKey();
    return { keys: [{ ...(await exportJWK(createPublicKey(privateKey))), kid, use: "sig", alg: ALGORITHM }] };
  }

  #signingKey(): Promise<SigningKey> {
    this.#key ??= this.#openKey();
    return this.#key;
  }

  async #openKey(): Promise<SigningKey> {
    const { kid, pkcs8 } = this.#keys.get("key") ?? (await this.#makeKey());
    return { kid, privateKey: createPrivateKey(pkcs8) };
  }

  async #makeKey(): Promise<z.infer<typeof keyRow>> {
    const { privateKey } = await makePair("rsa", { modulusLength: TOKEN_KEY_BITS });
    const made = { kid: randomUUID(), pkcs8: privateKey.export({ format: "pem", type: "pkcs8" }).toString() };
    this.#keys.set("key", made);
    return made;
  }
}
