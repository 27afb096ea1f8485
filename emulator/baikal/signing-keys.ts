/**
 * The authserver's own keys. Each stretch of 30 days on the tenant's clock has one that signs; the next one's is published
 * beside it already and the last one's still, so that no cache of 900 s ever lacks the key of a living token.
 */
import { generateKeyPair } from "node:crypto";
import { promisify } from "node:util";
import { calculateJwkThumbprint } from "jose";
import { z } from "zod";
import type { Clock } from "../clock.js";
import type { Store, Table } from "../store/store.js";
import { ROTATION_MS, SIGNING_ALGORITHM } from "./assumptions.js";

const field = z.string().min(1);
const keyRow = z.object({ kty: z.literal("EC"), crv: z.literal("P-256"), x: field, y: field, d: field, kid: field });
const ecPair = z.object({ kty: z.literal("EC"), crv: z.literal("P-256"), x: field, y: field, d: field });
const makePair = promisify(generateKeyPair);

/** A private P-256 JWK with its `kid`, `use` and `alg`. */
export type SigningKey = z.output<typeof keyRow> & { readonly use: "sig"; readonly alg: typeof SIGNING_ALGORITHM };

export interface SigningKeySet {
  /** Which stretch of time they are for. */
  readonly slot: number;
  /** The kid of the key that signs. */
  readonly activeKid: string;
  /** All that are published. Secret. */
  readonly keys: readonly SigningKey[];
}

export class SigningKeys {
  /** By slot: whole rotations since 1970. */
  readonly #rows: Table<z.output<typeof keyRow>>;
  readonly #clock: Clock;

  private constructor(rows: Table<z.output<typeof keyRow>>, clock: Clock) {
    this.#rows = rows;
    this.#clock = clock;
  }

  static async open(store: Store, clock: Clock): Promise<SigningKeys> {
    return new SigningKeys(await store.table("baikal-signing-keys", keyRow), clock);
  }

  /** The slot of now. */
  slot(): number {
    return Math.floor(this.#clock.nowMs() / ROTATION_MS);
  }

  async setOf(slot: number): Promise<SigningKeySet> {
    const [active, next] = [await this.#keyOf(slot), await this.#keyOf(slot + 1)];
    const last = this.#rows.get(String(slot - 1));
    const rows = last === undefined ? [active, next] : [last, active, next];
    return {
      slot,
      activeKid: active.kid,
      keys: rows.map((row) => ({ ...row, use: "sig", alg: SIGNING_ALGORITHM })),
    };
  }

  async #keyOf(slot: number): Promise<z.output<typeof keyRow>> {
    const known = this.#rows.get(String(slot));
    if (known !== undefined) return known;
    const { privateKey } = await makePair("ec", { namedCurve: "P-256" });
    const jwk = ecPair.parse(privateKey.export({ format: "jwk" }));
    const made = { ...jwk, kid: await calculateJwkThumbprint(jwk) };
    const meanwhile = this.#rows.get(String(slot));
    if (meanwhile !== undefined) return meanwhile;
    this.#rows.set(String(slot), made);
    return made;
  }
}
